import type { ModelInfo } from "@resonnx/runtime-node";
import { datatypes } from "./datatypes.ts";

/** A model's metadata as Open Inference Protocol gives it, -1 for a symbolic size; labels and the provider report are ours. */
export function modelMetadata(name: string, { inputs, outputs, labels, provider, skipped }: ModelInfo) {
  const tensors = (values: ModelInfo["inputs"]) =>
    values.map(({ name, type, shape }) => ({
      name,
      datatype: datatypes[type] ?? type,
      shape: shape.map((dim) => (typeof dim === "number" ? dim : -1)),
    }));
  return {
    name,
    platform: "onnx_onnxv1",
    inputs: tensors(inputs),
    outputs: tensors(outputs),
    ...(labels && { labels }),
    provider,
    skipped,
  };
}
