import { parseJson, ResonnxError } from "@resonnx/base";
import { fromKeras } from "./from-keras.ts";
import { refuseKeras1 } from "./keras1.ts";
import { isLayerConfig, type LayerConfig } from "./model-config.ts";

/** What the text is called in its file, and the version of Keras that the file names. */
interface Origin {
  readonly part: string;
  readonly version: string | undefined;
}

/** A model's JSON as Keras wrote it, in the words that tfjs reads. Throws `bad-input`, and `unsupported` for Keras 1. */
export function parseModel(text: string, { part, version }: Origin, where: string): LayerConfig {
  const model = fromKeras(parseJson(text, where, part));
  refuseKeras1(model, version, where);
  if (isLayerConfig(model)) return model;
  throw new ResonnxError("bad-input", { where, what: `${part} describes no model`, wanted: "class_name and config" });
}
