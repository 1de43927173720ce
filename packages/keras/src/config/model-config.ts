import { ResonnxError } from "@resonnx/base";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A layer, cell or model as Keras' JSON names it. */
export interface LayerConfig extends JsonObject {
  readonly class_name: string;
  readonly config: JsonObject | readonly Json[];
}

/** A layer of a model, with the layers inside it when it is a model itself or wraps one. */
export interface LayerEntry {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly inner: readonly LayerEntry[];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isLayerConfig(value: unknown): value is LayerConfig {
  return (
    isObject(value) && typeof value.class_name === "string" && typeof value.config === "object" && value.config !== null
  );
}

/** The layers of a model in the file's order. Throws `bad-input` when the topology has no layers or one has no name. */
export function layerEntries(model: LayerConfig, where: string): LayerEntry[] {
  const layers = layersOf(model);
  if (!layers) throw noLayers(where, `a ${model.class_name}`);
  return layers.map((layer) => {
    const name = layerName(layer);
    if (name === undefined) throw noLayers(where, `a layer without a name (${layer.class_name})`);
    const config = isObject(layer.config) ? layer.config : {};
    const wrapped = isLayerConfig(config.layer) && layersOf(config.layer) ? config.layer : undefined;
    const nested = layersOf(layer) ? layer : wrapped;
    return {
      name,
      className: layer.class_name,
      config,
      inner: nested ? layerEntries(nested, `${where}, layer ${name}`) : [],
    };
  });
}

/** The layers of a Sequential, Model or Functional; old Sequentials keep the list itself as their config. */
function layersOf({ config }: LayerConfig): LayerConfig[] | undefined {
  const list = isObject(config) ? config.layers : config;
  return Array.isArray(list) && list.every(isLayerConfig) ? list : undefined;
}

function layerName({ name, config }: LayerConfig): string | undefined {
  const own = isObject(config) ? config.name : undefined;
  return typeof name === "string" ? name : typeof own === "string" ? own : undefined;
}

function noLayers(where: string, got: string): ResonnxError {
  return new ResonnxError("bad-input", {
    where,
    what: "the model's topology can't be used",
    got,
    wanted: "a Sequential or functional model whose layers have names",
  });
}
