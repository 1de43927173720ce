import { text } from "../command/option.ts";

/** How training begins with a model that is trained already. */
export const transferOptions = {
  init: text(
    "model",
    "begin with this one: a run folder, a tfjs model.json, a Keras .h5 or .keras, an .onnx; its last layer is made anew for other classes",
  ),
  freeze: text(
    "pattern",
    "a regular expression of weights that stay as they are, such as '^(conv1|bn_conv1|res2|bn2)'",
  ),
};

/** What was given of them, paths as the run takes them. */
export const transferOf = (
  { init, freeze }: { readonly init?: string | undefined; readonly freeze?: string | undefined },
  at: (path: string) => string,
) => ({ ...(init !== undefined && { init: at(init) }), ...(freeze !== undefined && { freeze }) });
