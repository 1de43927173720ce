import { ResonnxError } from "@resonnx/base";
import type { Dataset, Group } from "h5wasm";
import { isLayerConfig, isObject, type JsonObject, type LayerEntry } from "../config/model-config.ts";
import { uniqueKeys } from "../config/unique-keys.ts";
import type { Hdf5 } from "../platform/hdf5.ts";
import { attributeValue } from "./attribute.ts";
import { hasVariables, INNER_LAYERS, variableNames } from "./variable-names.ts";

/** A weight by the name tfjs gives it. */
export interface Variable {
  readonly name: string;
  readonly dataset: Dataset;
}

type Kind = Pick<LayerEntry, "className" | "config">;

/** The groups that hold a model's layers: Keras 3's, and that of TensorFlow 2.11 to 2.13. */
const LAYERS = ["layers", "_layer_checkpoint_dependencies"];

/** The variables of a model's layers in the `layers` group of a `model.weights.h5`. Throws `bad-input`, `unsupported`. */
export function modelVariables(group: Group, layers: readonly LayerEntry[], h5: Hdf5, where: string): Variable[] {
  const root = LAYERS.map((key) => child(group, key, h5)).find((found) => found !== undefined);
  if (!root) throw new ResonnxError("bad-input", { where, what: "the weights are missing", wanted: "a group layers" });
  const named = groupsByName(root, h5);
  const keys = uniqueKeys(layers);
  return layers.flatMap((layer, i) => {
    if (layer.className === "InputLayer") return []; // a Sequential's has no group
    const own = named.get(layer.name) ?? child(root, keys[i]!, h5);
    if (!own && !hasVariables(layer.className)) return []; // operations have no group either
    if (!own) throw new ResonnxError("bad-input", { where, what: `the weights of layer ${layer.name} are missing` });
    if (layer.inner.length > 0) return modelVariables(child(own, "layer", h5) ?? own, layer.inner, h5, where);
    return layerVariables(layer, own, h5, `${where}, layer ${layer.name}`).map(under(layer.name));
  });
}

/** Wrappers and recurrent layers keep their variables in the layers and cells inside them. */
function layerVariables(layer: Kind, group: Group, h5: Hdf5, where: string): Variable[] {
  const { className, config } = layer;
  if (className === "Bidirectional") {
    return ["forward", "backward"].flatMap((direction) => {
      const [inner, own] = [kindOf(config.layer), child(group, `${direction}_layer`, h5)];
      const prefix = `${direction}_${String(inner.config.name)}`;
      return own ? layerVariables(inner, own, h5, where).map(under(prefix)) : [];
    });
  }
  const wrapped = child(group, "layer", h5);
  if (wrapped) return layerVariables(kindOf(config.layer), wrapped, h5, where);
  const inCell = child(group, "cell", h5);
  if (inCell) return layerVariables(isLayerConfig(config.cell) ? kindOf(config.cell) : layer, inCell, h5, where);
  const cells = child(group, "cells", h5);
  if (cells) return stackedVariables(config, cells, h5, where);
  return ownVariables(layer, group, h5, where);
}

function stackedVariables(config: JsonObject, group: Group, h5: Hdf5, where: string): Variable[] {
  const cells = Array.isArray(config.cells) ? config.cells.map(kindOf) : [];
  const keys = uniqueKeys(cells);
  return cells.flatMap((one, i) => {
    const own = child(group, keys[i]!, h5);
    return own ? ownVariables(one, own, h5, where).map(under(`RNNCell_${i}`)) : [];
  });
}

function ownVariables({ className, config }: Kind, group: Group, h5: Hdf5, where: string): Variable[] {
  const vars = child(group, "vars", h5);
  const own = variableNames(className, config, vars?.keys().length ?? 0).map((name, i) => {
    const dataset = vars?.get(String(i));
    if (dataset instanceof h5.Dataset) return { name, dataset };
    throw new ResonnxError("bad-input", { where, what: `the weight ${name} is missing` });
  });
  const inner = [...INNER_LAYERS].flatMap(([key, name]) => {
    const dense = child(group, key, h5) ?? child(group, `_${key}`, h5);
    return dense ? ownVariables({ className: "EinsumDense", config: {} }, dense, h5, where).map(under(name)) : [];
  });
  return [...own, ...inner];
}

const under =
  (folder: string) =>
  ({ name, dataset }: Variable): Variable => ({ name: `${folder}/${name}`, dataset });

/** Keras 3.4 and later write each layer's name beside its variables. */
function groupsByName(root: Group, h5: Hdf5): Map<unknown, Group> {
  const groups = root.keys().map((key) => child(root, key, h5));
  return new Map(groups.flatMap((group) => (group ? [[nameOf(child(group, "vars", h5)), group] as const] : [])));
}

function kindOf(value: unknown): Kind {
  if (!isLayerConfig(value) || !isObject(value.config)) return { className: "", config: {} };
  return { className: value.class_name, config: value.config };
}

function nameOf(vars: Group | undefined): unknown {
  return vars && attributeValue(vars.attrs, "name", "model.weights.h5");
}

function child(group: Group, key: string, h5: Hdf5): Group | undefined {
  const found = group.keys().includes(key) ? group.get(key) : undefined;
  return found instanceof h5.Group ? found : undefined;
}
