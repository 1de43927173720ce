import { type Forward, type ForwardOptions, forward, type Parameter } from "@resonnx/export";
import { OnnxModel } from "@resonnx/onnx";
import type { TrainableModel } from "../engine.ts";
import { sharedArtifacts } from "./shared-artifacts.ts";

/** What training needs of a forward pass, whatever the model was made from. */
export interface PassGraph extends Pick<Forward, "graph" | "inputs" | "outputs" | "randoms"> {
  readonly parameters: readonly Omit<Parameter, "layer">[];
}

/** A model's forward pass for one batch size, weights as graph inputs. */
export type ForwardPass = (
  options: Pick<ForwardOptions, "training" | "frozen"> & { readonly batchSize: number },
) => PassGraph;

/** Throws `bad-input` for a model that can't be read. */
export async function forwardPassOf(model: TrainableModel): Promise<ForwardPass> {
  if (model instanceof OnnxModel) return (options) => ({ ...model.forward(options), randoms: [] });
  const artifacts = await sharedArtifacts(model);
  return (options) => forward(artifacts, { ...options, weights: "inputs" });
}
