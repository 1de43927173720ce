import { ResonnxError } from "@resonnx/base";
import { fromKeras } from "./from-keras.ts";
import { isLayerConfig, type LayerConfig } from "./model-config.ts";

/** A model's JSON as Keras wrote it, in the words that tfjs reads. `part` is what the text is called in its file. Throws `bad-input`. */
export function parseModel(text: string, part: string, where: string): LayerConfig {
  const model = fromKeras(parseJson(text, part, where));
  if (isLayerConfig(model)) return model;
  throw new ResonnxError("bad-input", { where, what: `${part} describes no model`, wanted: "class_name and config" });
}

function parseJson(text: string, part: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ResonnxError("bad-input", { where, what: `${part} is not JSON`, got: text.slice(0, 40), cause });
  }
}
