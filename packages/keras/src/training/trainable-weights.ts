import type { LayerEntry } from "../config/model-config.ts";

/** Weights that no optimizer moves: statistics of normalizations. */
const STATISTICS = /\/(moving_mean|moving_variance)$/;
/** Layers all of whose weights are statistics. */
const ADAPTED = new Set(["Normalization"]);

interface Named {
  readonly name: string;
}

/**
 * The weights that Keras trains, in the order of `model.trainable_variables`: layer by layer, without statistics and layers that
 * are frozen (`trainable: false`) themselves or by a model around them. `weights` are each layer's, by its entry.
 */
export function trainableWeights<W extends Named>(weights: ReadonlyMap<LayerEntry, readonly W[]>): W[] {
  return [...weights].flatMap(([layer, own]) => own.filter((weight) => isTrained(weight, layer)));
}

function isTrained(weight: Named, layer: LayerEntry): boolean {
  if (layer.config.trainable === false || ADAPTED.has(layer.className) || STATISTICS.test(weight.name)) return false;
  return layer.inner
    .filter(({ name }) => weight.name.startsWith(`${name}/`))
    .every((inner) => isTrained(weight, inner));
}
