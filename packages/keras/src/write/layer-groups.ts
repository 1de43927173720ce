import { isLayerConfig, isObject, type Json, type LayerEntry } from "../config/model-config.ts";
import { uniqueKeys } from "../config/unique-keys.ts";

type Kind = Pick<LayerEntry, "className" | "config">;

/** Layers that keep their weights in the cell inside them. */
const WITH_CELL = new Set(["ConvLSTM2D", "GRU", "LSTM", "RNN", "SimpleRNN"]);

/**
 * The group of a `model.weights.h5` in which each weight of a model lies, by its tfjs name: `layers/{class}/vars`, with the
 * groups of wrapped layers, cells and models on the way. What `modelVariables` reads.
 */
export function groupOf(weight: string, layers: readonly LayerEntry[]): string | undefined {
  const keys = uniqueKeys(layers.map(asKeras3));
  for (const [i, layer] of layers.entries()) {
    const own = `layers/${keys[i]}`;
    if (layer.inner.length > 0) {
      const inner = groupOf(weight, layer.inner);
      const wrapped = isLayerConfig(layer.config.layer) ? "layer/" : "";
      if (inner) return `${own}/${wrapped}${inner}`;
    } else if (weight.startsWith(`${layer.name}/`)) {
      return [own, ...inside(layer, weight.slice(layer.name.length + 1)), "vars"].join("/");
    }
  }
  return undefined;
}

/** What tfjs calls Model. */
const asKeras3 = ({ className }: Kind) => ({ className: className === "Model" ? "Functional" : className });

/** The groups between a layer's own and its variables. `rest` is the weight's name without the layer's. */
function inside({ className, config }: Kind, rest: string): string[] {
  const direction = /^(forward|backward)_[^/]*\//.exec(rest);
  if (className === "Bidirectional" && direction) {
    const inner = kindOf(direction[1] === "backward" ? (config.backward_layer ?? config.layer) : config.layer);
    return [`${direction[1]}_layer`, ...inside(inner, rest.slice(direction[0].length))];
  }
  if (className === "TimeDistributed") return ["layer", ...inside(kindOf(config.layer), rest)];
  const cell = isLayerConfig(config.cell) && isObject(config.cell.config) ? config.cell.config : undefined;
  const stacked = /^RNNCell_(\d+)\//.exec(rest);
  if (stacked && Array.isArray(cell?.cells)) {
    return ["cell", "cells", uniqueKeys(cell.cells.map(kindOf))[Number(stacked[1])] ?? rest];
  }
  return WITH_CELL.has(className) ? ["cell"] : [];
}

function kindOf(value: Json | undefined): Kind {
  if (!isLayerConfig(value)) return { className: "", config: {} };
  return { className: value.class_name, config: isObject(value.config) ? value.config : {} };
}
