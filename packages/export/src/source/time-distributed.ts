import type { TensorRef } from "./layer-graph.ts";
import { INPUT_LAYER, type ModelTree, noInputs, type TreeLayer } from "./model-tree.ts";

/** Stands before a model inside TimeDistributed: folds time into the batch. */
export const FOLD_TIME = "resonnx>FoldTime";
/** Stands behind it; its second input is what was folded. */
export const UNFOLD_TIME = "resonnx>UnfoldTime";

/** TimeDistributed of a model as a model of its own, so that the layers inside are taken apart like those of any other. */
export function timeDistributed(inner: ModelTree): ModelTree {
  const ref = (layer: string): TensorRef => ({ layer, node: 0, tensor: 0 });
  const layer = (className: string, name: string, inputs: readonly string[], model?: ModelTree): TreeLayer => ({
    className,
    name,
    config: { name },
    calls: [{ ...noInputs, inputs: inputs.map(ref) }],
    ...(model && { model }),
  });
  return {
    name: inner.name,
    layers: [
      { ...layer(INPUT_LAYER, "steps", []), calls: [noInputs] },
      layer(FOLD_TIME, "fold", ["steps"]),
      layer("Model", inner.name, ["fold"], inner),
      layer(UNFOLD_TIME, "unfold", [inner.name, "steps"]),
    ],
    inputs: [ref("steps")],
    outputs: [ref("unfold")],
  };
}
