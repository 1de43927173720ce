import { isArray, isObject, type Json, type JsonObject } from "../config/json.ts";
import { asTensorRef, CONSTANT, refList } from "./inbound.ts";
import type { TensorRef } from "./layer-graph.ts";
import { type Call, noInputs, type TreeLayer } from "./model-tree.ts";

type Arithmetic = "Add" | "Subtract" | "Multiply" | "Maximum" | "Minimum" | "Divide";

/** Operations on tensors that compute what a layer computes: Keras 3's by class, TensorFlow's by function. */
const OPERATIONS: ReadonlyMap<string, Arithmetic> = new Map([
  ["ops.Add", "Add"],
  ["ops.Subtract", "Subtract"],
  ["ops.Multiply", "Multiply"],
  ["ops.Maximum", "Maximum"],
  ["ops.Minimum", "Minimum"],
  ["ops.Divide", "Divide"],
  ["ops.TrueDivide", "Divide"],
  ["tf.__operators__.add", "Add"],
  ["tf.math.add", "Add"],
  ["tf.math.subtract", "Subtract"],
  ["tf.math.multiply", "Multiply"],
  ["tf.math.maximum", "Maximum"],
  ["tf.math.minimum", "Minimum"],
  ["tf.math.divide", "Divide"],
  ["tf.math.truediv", "Divide"],
]);

/** What an operation with one number is: x * scale + offset, by the number c and whether it stands first. */
const RESCALINGS: {
  readonly [A in Arithmetic]?: (c: number, first: boolean) => [scale: number, offset: number] | undefined;
} = {
  Add: (c) => [1, c],
  Subtract: (c, first) => (first ? [-1, c] : [1, -c]),
  Multiply: (c) => [c, 0],
  Divide: (c, first) => (first || c === 0 ? undefined : [1 / c, 0]),
};

/** Operations on masks, of which Keras 3's `.h5` files don't say that they are none of the layers. */
const UNPLACED = new Set(["Any", "ExpandDims", "LogicalAnd", "LogicalOr", "NotEqual", "ZerosLike"]);

/** What a file calls an operation that stands among the layers: `ops.Add` (Keras 3), `tf.math.add` (Keras 2); undefined for a layer. */
export function operationName(className: string, source: JsonObject): string | undefined {
  const { module, config, inbound_nodes: nodes } = source;
  if (typeof module === "string" && /^keras\.(src\.)?ops\b/.test(module)) return `ops.${className}`;
  const placed = module !== undefined || !(UNPLACED.has(className) || (isArray(nodes) && nodes.some(hasNumber)));
  if (className !== "TFOpLambda" || !isObject(config)) return placed ? undefined : `ops.${className}`;
  return `tf.${config.function}`;
}

/** `x + y` as the layer Add, `x * 2` as the layer Rescaling, `x != 0` with the number in the config; undefined for what no rule computes. */
export function layerOfOperation(
  name: string,
  { config }: Pick<TreeLayer, "config">,
  nodes: readonly Json[],
): Omit<TreeLayer, "name"> | undefined {
  const [operands, ...more] = nodes.map(operandsOf);
  if (!operands || more.length > 0) return undefined;
  const tensors = operands.filter((operand) => typeof operand !== "number");
  const calls: Call[] = [{ ...noInputs, inputs: tensors }];
  if (name === "ops.Concatenate") return { className: "Concatenate", config, calls };
  const [first, second] = operands;
  if (name === "ops.NotEqual" && tensors.length === 1 && typeof second === "number")
    return { className: name, config: { ...config, value: second }, calls };
  const arithmetic = OPERATIONS.get(name);
  if (!arithmetic || operands.length !== 2) return undefined;
  if (tensors.length === 2) return arithmetic === "Divide" ? undefined : { className: arithmetic, config, calls };
  const number = typeof first === "number" ? first : (second as number); // one of the two is
  const rescaling = tensors.length === 1 && RESCALINGS[arithmetic]?.(number, number === first);
  if (!rescaling) return undefined;
  const [scale, offset] = rescaling;
  return { className: "Rescaling", config: { ...config, scale, offset }, calls };
}

const isNumber = (entry: Json): boolean => isArray(entry) && entry[0] === CONSTANT;
const hasNumber = (node: Json): boolean => refList(node).some(isNumber);

/** Tensors and numbers in their order; undefined when anything else is among them. */
function operandsOf(node: Json): (TensorRef | number)[] | undefined {
  const entries = refList(node);
  const kwargs = entries.map((entry) => (isArray(entry) ? entry[3] : undefined)).find(isObject) ?? {};
  const named = [kwargs.y, kwargs.x2].filter((value) => value !== undefined && value !== null);
  const operands = [...entries, ...named].map((entry) => {
    if (typeof entry === "number") return entry;
    if (isArray(entry) && isNumber(entry)) return typeof entry[2] === "number" ? entry[2] : undefined;
    return asTensorRef(entry!);
  });
  return operands.every((operand) => operand !== undefined) ? operands : undefined;
}
