import { isLayerConfig, isObject, type Json, type JsonObject } from "./model-config.ts";

/**
 * A tfjs config in the words that Keras 2 and 3 read. Each rule below is one thing that tfjs-layers 4.22 writes and Keras refuses;
 * everything else goes through as it is, Keras' own configs unchanged.
 */
export function toKeras(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(toKeras);
  if (!isObject(value)) return value ?? null;
  const entries = Object.entries(value).map(([key, one]) => {
    const rule = Object.hasOwn(KEYS, key) ? KEYS[key]! : toKeras;
    return [key, rule(one)];
  });
  const translated: JsonObject = Object.fromEntries(entries.filter(([, one]) => one !== undefined));
  if (!isLayerConfig(translated) || !isObject(translated.config)) return translated;
  const className = translated.class_name;
  const rule = Object.hasOwn(CLASSES, className) ? CLASSES[className] : undefined;
  return rule ? { ...translated, config: rule(translated.config) } : translated;
}

/** What tfjs spreads over an RNN's config besides this belongs to its cell. */
const RNN_KEYS = new Set(
  "name trainable dtype batch_input_shape cell return_sequences return_state go_backwards stateful unroll time_major".split(
    " ",
  ),
);

const CLASSES: { readonly [className: string]: (config: JsonObject) => JsonObject } = {
  RNN: (config) => Object.fromEntries(Object.entries(config).filter(([key]) => RNN_KEYS.has(key))),
  // tfjs writes the size to be inferred as null.
  Reshape: (config) => ({ ...config, target_shape: asList(config.target_shape).map((size) => size ?? -1) }),
};

const KEYS: { readonly [key: string]: (value: Json | undefined) => Json | undefined } = {
  // Keras 3 finds the layer inside a wrapper only by its module.
  layer: withModule,
  backward_layer: withModule,
  cell: withModule,
  cells: (value) => asList(value).map(withModule),
  // ConvLSTM2D has no implementation, and no layer takes null.
  implementation: (value) => value ?? undefined,
};

const MODELS = new Set(["Sequential", "Functional", "Model"]);

function withModule(value: Json | undefined): Json {
  const translated = toKeras(value);
  if (!isLayerConfig(translated) || translated.module !== undefined) return translated;
  const module = MODELS.has(translated.class_name) ? "keras" : "keras.layers";
  return { module, ...translated, registered_name: null };
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
