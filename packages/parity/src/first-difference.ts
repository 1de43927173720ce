import { ResonnxError, throwIfAborted } from "@resonnx/base";
import { decode, encode, type Node } from "@resonnx/onnx";
import type { Tensors } from "@resonnx/runtime";
import type { Backend } from "./backend.ts";
import { type Comparison, compare } from "./compare.ts";
import { sharedRows, sliceRows } from "./slice.ts";

export interface FirstDifferenceOptions {
  /** The bytes of an `.onnx` file. */
  readonly model: Uint8Array;
  /** Their first row is used, where the model takes any batch. */
  readonly inputs: Tensors;
  /** Runs the `.onnx` bytes, unlike a source framework. */
  readonly reference: Backend;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
}

/** The first node, in the order of execution, whose result differs. */
export interface FirstDifference {
  /** The backend that it differs from. */
  readonly reference: string;
  readonly node: string;
  readonly op: string;
  readonly output: string;
  /** Its place among the nodes, counted from 1, and how many there are. */
  readonly position: number;
  readonly nodes: number;
  readonly comparison: Comparison;
  /** All of it for people; follows the name of the backend. */
  readonly text: string;
}

/**
 * Names the node where two backends part: both run the model once with every intermediate value as an output, which
 * are compared in order. Null when all of them agree, as happens when it takes a fused operator to differ.
 */
export async function firstDifference(options: FirstDifferenceOptions): Promise<FirstDifference | null> {
  const { model, reference, backend, signal } = options;
  const { bytes, values, anyBatch } = withEveryOutput(model);
  const single = anyBatch && sharedRows(options.inputs) !== null;
  const inputs = single ? sliceRows(options.inputs, 0, 1) : options.inputs;
  const wanted = await runOnce(reference, bytes, inputs, signal);
  const got = await runOnce(backend, bytes, inputs, signal);
  for (const { node, output, position } of values) {
    const comparison = compare(valueIn(wanted, output), valueIn(got, output), backend.tolerance);
    if (comparison.agree) continue;
    const [name, nodes] = [node.name ?? output, values.at(-1)!.position];
    const text = `parts from ${reference.name} at node ${position} of ${nodes}, ${node.op} ${name}: ${comparison.reason}`;
    return { reference: reference.name, node: name, op: node.op, output, position, nodes, comparison, text };
  }
  return null;
}

interface Intermediate {
  readonly node: Node;
  readonly output: string;
  readonly position: number;
}

function withEveryOutput(model: Uint8Array): { bytes: Uint8Array; values: Intermediate[]; anyBatch: boolean } {
  const graph = decode(model);
  const values: Intermediate[] = [];
  for (const [i, node] of graph.order().entries()) {
    for (const [k, value] of node.outputs.entries()) {
      const known = graph.outputs.find((output) => output.value === value)?.name;
      if (known === undefined && k > 0 && value.users.size === 0) continue; // an optional output that nobody reads
      const output = known ?? value.name ?? `${node.op}_${i}_${k}`;
      if (known === undefined) graph.output(output, value);
      values.push({ node, output, position: i + 1 });
    }
  }
  const anyBatch = graph.inputs.every(({ shape }) => typeof shape[0] === "string");
  return { bytes: encode(graph), values, anyBatch };
}

async function runOnce(
  backend: Backend,
  model: Uint8Array,
  inputs: Tensors,
  signal: AbortSignal | undefined,
): Promise<Tensors> {
  throwIfAborted(signal, `first difference on ${backend.name}`);
  const session = await backend.open(model);
  try {
    return await session.run(inputs);
  } finally {
    await session.close();
  }
}

function valueIn(tensors: Tensors, output: string): Tensors[string] {
  const tensor = tensors[output];
  if (tensor === undefined)
    throw new ResonnxError("failed", { where: output, what: "the backend gave no such output" });
  return tensor;
}
