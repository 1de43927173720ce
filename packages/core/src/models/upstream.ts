import type * as tf from "@tensorflow/tfjs";

/** A layer as it sits in a model under construction. */
export type Layer = tf.SymbolicTensor["sourceLayer"];

/** Every layer that the tensor `x` is computed from, its own included, each once. */
export function layersUpstream(x: tf.SymbolicTensor): Set<Layer> {
  const layers = new Set<Layer>();
  const seen = new Set<tf.SymbolicTensor>();
  const waiting = [x];
  for (let tensor = waiting.pop(); tensor; tensor = waiting.pop()) {
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    layers.add(tensor.sourceLayer);
    waiting.push(...tensor.inputs);
  }
  return layers;
}
