import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import { floats, tensor } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import { isFloat32, MAX_INT8, type QuantizationScale, quantizeWeights } from "./quantize.ts";

/** Which inputs hold an operator's weights, and which of their axes counts its output channels. */
interface WeightPlace {
  readonly inputs: readonly number[];
  axis(node: Node): number;
}

/** Input weights and recurrent weights, [directions, gates * units, ...]. */
const recurrent: WeightPlace = { inputs: [1, 2], axis: () => 1 };

/** Operators whose weights are the bulk of a model. */
const places: ReadonlyMap<string, WeightPlace> = new Map([
  ["Conv", { inputs: [1], axis: () => 0 }],
  ["ConvTranspose", { inputs: [1], axis: () => 1 }],
  ["Gather", { inputs: [0], axis: () => 0 }],
  ["Gemm", { inputs: [1], axis: (node) => (node.is("Gemm") && node.attrs.transB ? 0 : 1) }],
  ["GRU", recurrent],
  ["LSTM", recurrent],
  ["MatMul", { inputs: [1], axis: (node) => node.inputs[1]!.rank - 1 }],
  ["RNN", recurrent],
] satisfies [string, WeightPlace][]);

/** Smaller weights are not worth a node. */
const MIN_ELEMENTS = 256;

/**
 * Large float32 weights become int8 with a scale for each output channel, behind a DequantizeLinear: a quarter of the size,
 * arithmetic as before; the largest of a channel becomes `most`. Changes the graph in place; the weights' scales by the value that replaced them.
 */
export function quantizeGraphWeights(graph: Graph, most: number = MAX_INT8): Map<Value, Float32Array> {
  const b = new Builder(graph);
  const known = new Map<string, Value>();
  const ids = new Map<Value, number>();
  const scales = new Map<Value, Float32Array>();
  const quantized = (value: Value, axis: number): Value | undefined => {
    const weights = value.constant;
    if (!isFloat32(weights) || weights.data.length < MIN_ELEMENTS) return undefined;
    if (!ids.has(value)) ids.set(value, ids.size);
    const key = `${ids.get(value)}:${axis}`;
    const made = known.get(key) ?? dequantized(b, value, axis, most, scales);
    known.set(key, made);
    return made;
  };
  for (const node of graph.order()) {
    const place = places.get(node.op);
    if (!place) continue;
    const inputs = [...node.inputs];
    for (const at of place.inputs) inputs[at] = (inputs[at] && quantized(inputs[at], place.axis(node))) ?? inputs[at];
    if (inputs.some((input, i) => input !== node.inputs[i])) graph.setInputs(node, inputs);
  }
  return scales;
}

function dequantized(b: Builder, value: Value, axis: number, most: number, scales: Map<Value, Float32Array>): Value {
  const weights = value.constant;
  if (!isFloat32(weights)) throw new TypeError("only float32 is quantized"); // the caller looked
  const made = quantizeWeights(weights, axis, most);
  const name = value.name ?? "weights";
  const scale = b.constant(floats([made.scales.length], made.scales), `${name}:scale`);
  const output = b.op("DequantizeLinear", [b.constant(made.data, `${name}:int8`), scale], { axis }, `${name}:float`);
  scales.set(output, made.scales);
  return output;
}

/**
 * The bias of a quantized Conv or Gemm as int32 in steps of input scale times weight scale, the form that runtimes fuse;
 * undefined where it is no constant.
 */
export function quantizedBias(
  b: Builder,
  bias: Value | undefined,
  { scale }: QuantizationScale,
  weightScales: Float32Array,
): Value | undefined {
  const data = bias?.constant;
  if (!isFloat32(data) || data.dims.length !== 1 || data.data.length !== weightScales.length) return undefined;
  const steps = weightScales.map((weight) => weight * scale);
  const values = Int32Array.from(data.data, (value, c) =>
    Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(value / steps[c]!))),
  );
  const name = bias?.name ?? "bias";
  const constant = b.constant(tensor("int32", [values.length], values), `${name}:int32`);
  return b.op(
    "DequantizeLinear",
    [constant, b.constant(floats([steps.length], steps), `${name}:scale`)],
    { axis: 0 },
    `${name}:float`,
  );
}
