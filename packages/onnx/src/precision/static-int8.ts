import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import { scalar, tensor } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import { type QuantizationScale, type Range, scaleOf } from "./quantize.ts";
import { quantizedBias, quantizeGraphWeights } from "./weights.ts";

/** Operators that runtimes have int8 kernels for: their inputs are quantized. */
const QUANTIZED: ReadonlySet<string> = new Set([
  "Add",
  "AveragePool",
  "Concat",
  "Conv",
  "ConvTranspose",
  "Gemm",
  "GlobalAveragePool",
  "MatMul",
  "MaxPool",
  "Mul",
]);

/**
 * Kernels for processors without VNNI add two products of uint8 and int8 in 16 bits: 2 * 255 * 64 still fits there, so that
 * every processor gets the same numbers.
 */
const MAX_PAIRED = 64;

/** The values of a graph whose ranges static quantization needs, each once, in order: what int8 operators read. */
export function quantizableValues(graph: Graph): Value[] {
  const found = new Set<Value>();
  for (const node of graph.order())
    if (QUANTIZED.has(node.op))
      for (const input of node.inputs) if (input && !input.constant && input.type.dtype === "float32") found.add(input);
  return [...found];
}

/**
 * Activations in uint8 and weights in int8 (the pair that onnxruntime has fused kernels for) as QuantizeLinear/DequantizeLinear pairs (QDQ), which runtimes fuse into int8 operators.
 * `ranges` are those of `quantizableValues(graph)`, in that order. Changes the graph in place; how many weights became int8.
 */
export function quantizeStatically(graph: Graph, ranges: readonly Range[]): number {
  const values = quantizableValues(graph);
  const b = new Builder(graph);
  const weightScales = quantizeGraphWeights(graph, MAX_PAIRED);
  const scales = new Map<Value, QuantizationScale>();
  for (const [i, value] of values.entries()) {
    const scale = scaleOf(ranges[i]!);
    const users = [...value.users].filter(({ op }) => QUANTIZED.has(op));
    const dequantize = quantized(b, value, scale);
    for (const user of users) {
      const made = dequantize();
      scales.set(made, scale);
      graph.setInputs(
        user,
        user.inputs.map((input) => (input === value ? made : input)),
      );
    }
  }
  for (const node of graph.order()) {
    if (!node.is("Conv") && !node.is("Gemm")) continue;
    const [x, w, bias] = node.inputs;
    const [scale, channels] = [x && scales.get(x), w && weightScales.get(w)];
    const made = scale && channels && quantizedBias(b, bias, scale, channels);
    if (made) graph.setInputs(node, [x, w, made]);
  }
  return weightScales.size;
}

/** The value in uint8, and what gives it back as a float: once for each reader, as runtimes fuse only what is not shared. */
function quantized(b: Builder, value: Value, { scale, zeroPoint }: QuantizationScale): () => Value {
  const name = value.name ?? value.producer?.name ?? "value";
  const parameters = [
    b.constant(scalar(scale), `${name}:scale`),
    b.constant(tensor("uint8", [], Uint8Array.of(zeroPoint)), `${name}:zero`),
  ];
  const whole = b.op("QuantizeLinear", [value, ...parameters], {}, `${name}:uint8`);
  return () => b.op("DequantizeLinear", [whole, ...parameters], {}, `${name}:float`);
}
