import { isArray, isObject, type Json, type JsonObject } from "../config/json.ts";
import type { Call } from "./model-tree.ts";

/** Operations on tensors that compute what a layer computes: Keras 3's by class, TensorFlow's by function. */
const LAYERS: ReadonlyMap<string, string> = new Map([
  ["ops.Add", "Add"],
  ["ops.Subtract", "Subtract"],
  ["ops.Multiply", "Multiply"],
  ["ops.Maximum", "Maximum"],
  ["ops.Minimum", "Minimum"],
  ["ops.Concatenate", "Concatenate"],
  ["tf.__operators__.add", "Add"],
  ["tf.math.add", "Add"],
  ["tf.math.subtract", "Subtract"],
  ["tf.math.multiply", "Multiply"],
  ["tf.math.maximum", "Maximum"],
  ["tf.math.minimum", "Minimum"],
]);

/** Operations on masks, of which Keras 3's `.h5` files don't say that they are none of the layers. */
const UNPLACED = new Set(["Any", "ExpandDims", "LogicalAnd", "LogicalOr", "NotEqual", "ZerosLike"]);

/** What a file calls an operation that stands among the layers: `ops.Add` (Keras 3), `tf.math.add` (Keras 2); undefined for a layer. */
export function operationName(className: string, { module, config }: JsonObject): string | undefined {
  if (typeof module === "string" && /^keras\.(src\.)?ops\b/.test(module)) return `ops.${className}`;
  if (module === undefined && UNPLACED.has(className)) return `ops.${className}`;
  if (className !== "TFOpLambda" || !isObject(config)) return undefined;
  return `tf.${config.function}`;
}

/** `x != 0` of Keras 3's masks with the number in the layer's config, out of the nodes; other operations as they are. */
export function withNumber(name: string | undefined, config: JsonObject, nodes: readonly Json[]) {
  const [tensor, number, ...more] = name === "ops.NotEqual" && nodes.length === 1 && isArray(nodes[0]) ? nodes[0] : [];
  const value = isArray(number) && number[0] === "_CONSTANT_VALUE" ? number[2] : undefined;
  return tensor === undefined || value === undefined || more.length > 0
    ? { config, nodes }
    : { config: { ...config, value }, nodes: [[tensor]] };
}

/** `x + y` of two tensors as the layer Add over both; other operations, and those with a number, as they are. */
export function layerForOperation(name: string, calls: readonly Call[]): { className: string; calls: readonly Call[] } {
  const className = LAYERS.get(name);
  const pairs = calls.map(({ inputs, named, ...call }) => ({
    ...call,
    inputs: [...inputs, ...(named.get("y") ?? []), ...(named.get("x2") ?? [])],
    named: new Map(),
  }));
  return className && pairs.every(({ inputs }) => inputs.length === 2)
    ? { className, calls: pairs }
    : { className: name, calls };
}
