import { inboundNode, withCountedModels } from "./inbound-nodes.ts";
import { isObject, type Json, type JsonObject } from "./model-config.ts";

/**
 * A config that Keras 2 or 3 wrote, in the words that tfjs reads. Each rule below is one thing that tfjs-layers 4.22 does not
 * understand; everything else goes through as it is.
 */
export function fromKeras(value: unknown): Json {
  if (Array.isArray(value)) return value.map(fromKeras);
  if (!isObject(value)) return asJson(value);
  const entries = Object.entries(withCountedModels(value)).map(([key, one]) => {
    const rule = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    return rule ? rule(one) : ([key, fromKeras(one)] as const);
  });
  return renamed(Object.fromEntries(entries)); // own entries, whatever they are called
}

/** Keys whose name or value Keras 3 and late Keras 2 changed. */
const KEYS: { readonly [key: string]: (value: unknown) => readonly [string, Json] } = {
  // Keras 3: InputLayer's batch_input_shape.
  batch_shape: (value) => ["batch_input_shape", fromKeras(value)],
  // Keras 3: {class_name: "DTypePolicy", config: {name: "mixed_float16"}}; the variables are float32 under every mixed policy.
  dtype: (value) => ["dtype", policyDtype(value)],
  // Late Keras 2: BatchNormalization's axis is a list of one.
  axis: (value) => ["axis", Array.isArray(value) && value.length === 1 ? asJson(value[0]) : fromKeras(value)],
  activation: (value) => ["activation", activation(value)],
  recurrent_activation: (value) => ["recurrent_activation", activation(value)],
  // Keras 3: a single input or output is not wrapped in a list.
  input_layers: (value) => ["input_layers", wrapped(value)],
  output_layers: (value) => ["output_layers", wrapped(value)],
  // Keras 3: {args, kwargs} with the tensors inside.
  inbound_nodes: (value) => ["inbound_nodes", Array.isArray(value) ? value.map(inboundNode) : asJson(value)],
};

/** Activations that tfjs knows under another name. */
const ACTIVATIONS: { readonly [name: string]: string } = { silu: "swish", log_softmax_v2: "log_softmax" };

/** Keras 2 writes a function that has no short name as {class_name: "function", config: "log_softmax"}. */
function activation(value: unknown): Json {
  const name = isObject(value) && value.class_name === "function" ? value.config : value;
  if (typeof name !== "string") return fromKeras(name);
  return Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name]! : name;
}

/** Classes that tfjs knows under another name or with other settings. */
const CLASSES: { readonly [className: string]: (config: JsonObject) => { class_name: string; config: JsonObject } } = {
  OrthogonalInitializer: (config) => ({ class_name: "Orthogonal", config }),
  LecunNormal: (config) => ({ class_name: "LeCunNormal", config }),
  LecunUniform: (config) => ({ class_name: "LeCunUniform", config }),
  L1: (config) => ({ class_name: "L1L2", config: { ...config, l2: 0 } }),
  L2: (config) => ({ class_name: "L1L2", config: { ...config, l1: 0 } }),
  // Keras 3's name of alpha.
  LeakyReLU: ({ negative_slope: slope, ...config }) => ({
    class_name: "LeakyReLU",
    config: slope === undefined ? config : { ...config, alpha: slope },
  }),
  // Keras 2 also writes the settings of the convolution's single kernel, which tfjs refuses.
  SeparableConv2D: ({ kernel_initializer: _i, kernel_regularizer: _r, kernel_constraint: _c, ...config }) => ({
    class_name: "SeparableConv2D",
    config,
  }),
  // Keras 3 writes the forward layer's own name, to which tfjs puts forward_ once more.
  Bidirectional: (config) => ({
    class_name: "Bidirectional",
    config: { ...config, layer: withoutForward(config.layer) },
  }),
};

function withoutForward(layer: Json | undefined): Json {
  if (!isObject(layer) || !isObject(layer.config) || typeof layer.config.name !== "string") return layer ?? null;
  return { ...layer, config: { ...layer.config, name: layer.config.name.replace(/^forward_/, "") } };
}

function renamed(object: JsonObject): JsonObject {
  const { class_name: className, config } = object;
  const rule = typeof className === "string" && Object.hasOwn(CLASSES, className) ? CLASSES[className] : undefined;
  return rule && isObject(config) ? { ...object, ...rule(config) } : object;
}

function policyDtype(value: unknown): Json {
  const policy = isObject(value) && isObject(value.config) ? value.config.name : value;
  return typeof policy === "string" && policy.startsWith("mixed_") ? "float32" : asJson(policy);
}

function wrapped(value: unknown): Json {
  return Array.isArray(value) && typeof value[0] === "string" ? [asJson(value)] : asJson(value);
}

/** JSON.parse gives nothing else; the type can't say so. */
function asJson(value: unknown): Json {
  return (value ?? null) as Json;
}
