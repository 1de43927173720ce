import type { io } from "@tensorflow/tfjs";
import type { LayerConfig } from "../config/model-config.ts";
import type { WeightValues } from "./dataset.ts";

export interface NamedWeight extends WeightValues {
  readonly name: string;
}

/** What tfjs loads, as its own converter lays it out. */
export function toArtifacts(
  model: LayerConfig,
  weights: readonly NamedWeight[],
  { kerasVersion, backend }: { readonly kerasVersion: string; readonly backend: string },
): io.ModelArtifacts {
  return {
    modelTopology: { keras_version: kerasVersion, backend, model_config: model },
    format: "layers-model",
    generatedBy: `keras v${kerasVersion}`,
    convertedBy: "Resonnx",
    weightSpecs: weights.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    weightData: concatenate(weights),
  };
}

function concatenate(weights: readonly NamedWeight[]): ArrayBuffer {
  const all = new Uint8Array(weights.reduce((sum, { data }) => sum + data.byteLength, 0));
  let at = 0;
  for (const { data } of weights) {
    all.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return all.buffer;
}
