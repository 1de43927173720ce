import { isLayerConfig, isObject, type Json, type JsonObject } from "./model-config.ts";

/** Arguments that Keras 2 and tfjs put behind the inputs; Keras 3 only names them. */
const INPUTS_TOO = new Set(["initial_state", "constants"]);

/** What Keras 3's calls may name although it is the input. */
const INPUT_NAMES = ["inputs", "query", "sequence"];

/**
 * Keras 3's call of a layer, `{args, kwargs}`, as Keras 2's list of [layer, node, tensor, arguments]: tensors among the arguments
 * become [layer, node, tensor] as well, numbers among the inputs `_CONSTANT_VALUE`. Older forms are left alone.
 */
export function inboundNode(node: unknown): Json {
  if (!isObject(node) || !Array.isArray(node.args)) return (node ?? null) as Json;
  const kwargs = Object.entries(isObject(node.kwargs) ? node.kwargs : {});
  const given = inputsIn(node.args);
  const first = given.length > 0 ? undefined : kwargs.find(([name]) => INPUT_NAMES.includes(name));
  const inputs = [...given, ...inputsIn(first?.[1])];
  const named: [string, Json][] = [];
  for (const [name, value] of kwargs) {
    const tensors = inputsIn(value).filter(([layer]) => layer !== CONSTANT);
    if (name === first?.[0]) continue;
    if (INPUTS_TOO.has(name)) inputs.push(...tensors);
    else if (typeof value === "boolean") named.push([name, value]);
    else if (tensors.length > 0) named.push([name, tensors.length === 1 ? tensors[0]! : tensors]);
  }
  // Keras 3 hands a mask on to calls of a single tensor only; the others get none.
  if (kwargs.some(([name]) => name === "initial_state") && !kwargs.some(([name]) => name === "mask"))
    named.push(["unmasked", true]);
  return inputs.map((input, i) => [...input, i === 0 ? Object.fromEntries(named) : {}]);
}

/** Stands for the layer where a number is an input. */
export const CONSTANT = "_CONSTANT_VALUE";

/** The tensors in a structure, in Keras' order (objects by their sorted keys), and the numbers that stand where tensors would. */
function inputsIn(value: unknown): Json[][] {
  if (typeof value === "number") return [[CONSTANT, -1, value]];
  if (Array.isArray(value)) return value.flatMap(inputsIn);
  if (!isObject(value)) return [];
  const history = historyOf(value);
  if (history) return [history];
  if (value.class_name !== undefined) return []; // a type or value that Keras wrapped
  return Object.keys(value)
    .sort()
    .flatMap((key) => inputsIn(value[key]));
}

function historyOf({ class_name: className, config }: JsonObject): Json[] | undefined {
  if (className !== "__keras_tensor__" || !isObject(config)) return undefined;
  return Array.isArray(config.keras_history) ? config.keras_history : undefined;
}

const MODELS = new Set(["Sequential", "Functional", "Model"]);

/**
 * A functional model of Keras 3 with calls of the models inside it numbered as in Keras 2 and tfjs, where they start at 1. Keras 3
 * counts them from 0 in calls of layers; in the list of outputs from 1, but for Sequential models from 0.
 */
export function withCountedModels(model: JsonObject): JsonObject {
  const { config } = model;
  if (!isLayerConfig(model) || !isObject(config) || !Array.isArray(config.layers)) return model;
  const layers: readonly Json[] = config.layers;
  if (!layers.some(isKeras3Layer)) return model;
  const classes = new Map(layers.flatMap((layer) => (isLayerConfig(layer) ? [[nameOf(layer), layer.class_name]] : [])));
  const called = (name: unknown) => MODELS.has(classes.get(name as string) ?? "");
  const shown = (name: unknown) => classes.get(name as string) === "Sequential";
  return {
    ...model,
    config: {
      ...config,
      layers: layers.map((layer) =>
        isObject(layer) ? { ...layer, inbound_nodes: countedTensors(layer.inbound_nodes, called) } : layer,
      ),
      output_layers: countedRefs(config.output_layers, shown),
    },
  };
}

const nameOf = ({ name, config }: JsonObject): Json | undefined => name ?? (isObject(config) ? config.name : undefined);

const isKeras3Layer = (layer: Json): boolean =>
  isObject(layer) && Array.isArray(layer.inbound_nodes) && layer.inbound_nodes.some(isObject);

type Test = (name: unknown) => boolean;

function countedTensors(value: Json | undefined, isCounted: Test): Json {
  if (Array.isArray(value)) return value.map((one) => countedTensors(one, isCounted));
  if (!isObject(value)) return value ?? null;
  const history = historyOf(value);
  if (history) return { ...value, config: { keras_history: countedRefs(history, isCounted) } };
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, countedTensors(one, isCounted)]));
}

/** References, in whatever lists they are. */
function countedRefs(value: Json | undefined, isCounted: Test): Json {
  if (!Array.isArray(value)) return value ?? null;
  const [layer, node, ...rest] = value;
  if (typeof layer !== "string" || typeof node !== "number") return value.map((one) => countedRefs(one, isCounted));
  return isCounted(layer) ? [layer, node + 1, ...rest] : value;
}

/** A tensor by its place: [layer, node, tensor]. */
export type Ref = readonly [string, number, number, ...Json[]];

/** The other way round: references in a model of tfjs or Keras 2 numbered as in Keras 3, in calls and among the outputs. */
export function renumbered(layers: readonly JsonObject[]): Record<"called" | "shown", (ref: Json) => Json> {
  const classes = new Map(layers.map((layer) => [nameOf(layer), layer.class_name]));
  const lowered = (isCounted: (className: unknown) => boolean) => (ref: Json) => {
    const [layer, node, ...rest] = Array.isArray(ref) ? ref : [];
    return typeof node === "number" && isCounted(classes.get(layer)) ? [layer!, node - 1, ...rest] : ref;
  };
  return {
    called: lowered((className) => typeof className === "string" && MODELS.has(className)),
    shown: lowered((className) => className === "Sequential"),
  };
}
