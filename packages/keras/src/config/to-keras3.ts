import { ResonnxError } from "@resonnx/base";
import { CONSTANT, type Ref, renumbered } from "./inbound-nodes.ts";
import { isLayerConfig, isObject, type Json, type JsonObject, type LayerConfig } from "./model-config.ts";
import { toKeras } from "./to-keras.ts";

/** A tfjs model's config as Keras 3 writes it into `config.json`. Throws `unsupported` for what it has not or computes differently. */
export function toKeras3(model: LayerConfig, where: string): JsonObject {
  const translated = toKeras(model);
  if (!isLayerConfig(translated)) return {};
  refuseForeign(translated, where);
  return layerOf(translated);
}

/** Why Keras 3 can't have what a layer or cell is, undefined where it can. */
function foreign({ class_name: className, config }: LayerConfig): string | undefined {
  const { name, ...own }: JsonObject = isObject(config) ? config : {};
  if (className === "ThresholdedReLU") return "a layer that Keras 3 has no more";
  if (typeof name === "string" && name.includes("/")) return "a name with a slash";
  const redefined = Object.keys(own).find((key) => /activation$/.test(key) && own[key] === "hard_sigmoid");
  return redefined && `${redefined} hard_sigmoid, which is relu6(x + 3) / 6 there`;
}

function refuseForeign(value: Json | undefined, where: string): void {
  if (Array.isArray(value)) for (const one of value) refuseForeign(one, where);
  if (!isObject(value)) return;
  const got = isLayerConfig(value) ? foreign(value) : undefined;
  if (got) {
    const { name }: JsonObject = isObject(value.config) ? value.config : {};
    throw new ResonnxError("unsupported", {
      where: `${where}, layer ${name ?? value.class_name}`,
      what: "can't be a layer of Keras 3",
      got,
      hint: "write a .h5 for Keras 2",
    });
  }
  for (const one of Object.values(value)) refuseForeign(one, where);
}

const MODEL_MODULES: Readonly<Record<string, { readonly module: string; readonly class_name: string }>> = {
  Sequential: { module: "keras", class_name: "Sequential" },
  Functional: { module: "keras.src.models.functional", class_name: "Functional" },
  Model: { module: "keras.src.models.functional", class_name: "Functional" },
};

/** A layer or model with the module in which Keras 3 looks for its class. */
function layerOf(layer: LayerConfig): JsonObject {
  const { class_name: className, config, name, inbound_nodes: _nodes, ...rest } = layer;
  const module = Object.hasOwn(MODEL_MODULES, className) ? MODEL_MODULES[className]! : undefined;
  return {
    ...rest,
    ...(module ?? { module: "keras.layers", class_name: className }),
    config: module ? modelConfig(layer) : layerConfig(className, isObject(config) ? config : {}),
    registered_name: null,
    ...(name !== undefined && { name }),
  };
}

function modelConfig({ class_name: className, config }: LayerConfig): JsonObject {
  const own: JsonObject = isObject(config) ? config : { layers: config };
  const layers = Array.isArray(own.layers) ? own.layers.filter(isLayerConfig) : [];
  return className === "Sequential" ? sequential(own, layers) : functional(own, layers);
}

/** Keras 3 begins the list with the input that tfjs writes into the first layer. */
function sequential(config: JsonObject, layers: readonly LayerConfig[]): JsonObject {
  const first = layers[0];
  const { batch_input_shape: shape, dtype = "float32", name }: JsonObject = isObject(first?.config) ? first.config : {};
  const input = { batch_shape: shape, dtype, name: `${name}_input` };
  const isMissing = shape !== undefined && first?.class_name !== "InputLayer";
  return {
    ...config,
    layers: [
      ...(isMissing
        ? [{ module: "keras.layers", class_name: "InputLayer", config: input, registered_name: null }]
        : []),
      ...layers.map(layerOf),
    ],
  };
}

function functional(config: JsonObject, layers: readonly LayerConfig[]): JsonObject {
  const renumber = renumbered(layers);
  const nodesOf = ({ inbound_nodes: nodes }: LayerConfig) => (Array.isArray(nodes) ? nodes : []);
  return {
    ...config,
    layers: layers.map((layer) => ({
      ...layerOf(layer),
      inbound_nodes: nodesOf(layer).map((node) => call(layer.class_name, node, renumber.called)),
    })),
    output_layers: Array.isArray(config.output_layers) ? config.output_layers.map(renumber.shown) : [],
  };
}

/** Layers that take states behind the sequence; Keras 3 names them. */
const RECURRENT = new Set(["Bidirectional", "ConvLSTM2D", "GRU", "LSTM", "RNN", "SimpleRNN"]);

/** Keras 2's call, a list of [layer, node, tensor, arguments], as `{args, kwargs}`. */
function call(className: string, node: Json, renumber: (ref: Json) => Json): JsonObject {
  const inputs = Array.isArray(node) ? node.filter(Array.isArray) : [];
  const tensors = inputs.map((input) => tensorOf(input, renumber));
  const named: JsonObject = Object.assign({}, ...inputs.map(([, , , given]) => (isObject(given) ? given : {})));
  const kwargs = Object.fromEntries(Object.entries(named).map(([key, one]) => [key, argument(one, renumber)]));
  const [first = null, ...states] = tensors;
  if (RECURRENT.has(className) && states.length > 0)
    return { args: [first], kwargs: { ...kwargs, initial_state: states } };
  return { args: tensors.length === 1 ? tensors : [tensors], kwargs };
}

const isRef = (value: Json | undefined): value is Ref =>
  Array.isArray(value) && value.length >= 3 && typeof value[0] === "string" && typeof value[1] === "number";

function argument(value: Json | undefined, renumber: (ref: Json) => Json): Json {
  if (isRef(value)) return tensorOf(value, renumber);
  return Array.isArray(value) ? value.map((one) => argument(one, renumber)) : (value ?? null);
}

function tensorOf(ref: readonly Json[], renumber: (ref: Json) => Json): Json {
  if (ref[0] === CONSTANT) return ref[2] ?? null;
  return {
    class_name: "__keras_tensor__",
    // Keras 3 takes the tensor itself from its history; shape and dtype only have to be there.
    config: { shape: [null], dtype: "float32", keras_history: renumber(ref.slice(0, 3)) },
  };
}

/** Only an input may carry the shape of its batch, and has another word for it; an axis is no list. */
function layerConfig(className: string, { batch_input_shape: shape, ...config }: JsonObject): JsonObject {
  if (className === "InputLayer") return { ...config, batch_shape: shape };
  const axis = Array.isArray(config.axis) && config.axis.length === 1 ? { axis: config.axis[0] } : {};
  return { ...config, ...axis, ...wrapped(config) };
}

function wrapped(config: JsonObject): JsonObject {
  const inner = ["layer", "backward_layer", "cell"].flatMap((key) => {
    const one = config[key];
    return isLayerConfig(one) ? [[key, layerOf(one)] as const] : [];
  });
  const cells = Array.isArray(config.cells)
    ? { cells: config.cells.map((one) => (isLayerConfig(one) ? layerOf(one) : one)) }
    : {};
  return { ...Object.fromEntries(inner), ...cells };
}
