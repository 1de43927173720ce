import { describe, expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { copyGraph, likeNode } from "../ir/copy.ts";
import { Graph } from "../ir/graph.ts";
import { tensor } from "../ir/tensor.ts";
import type { Attrs } from "../ops/index.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { maxDifference, run } from "../testing/run.ts";
import { isRecurrent, unrolled } from "./unroll.ts";

type Recurrent = "GRU" | "LSTM" | "RNN";

const [TIME, BATCH, FEATURES, HIDDEN] = [4, 3, 2, 5];
const GATES: Readonly<Record<Recurrent, number>> = { RNN: 1, GRU: 3, LSTM: 4 };

interface Case {
  readonly op: Recurrent;
  readonly attrs?: Partial<Attrs<"GRU">>;
  readonly bias?: boolean;
  readonly lengths?: boolean;
  readonly initial?: boolean;
}

/** One recurrent node with seeded weights, all its outputs outputs of the graph. */
function graphOf({ op, attrs = {}, bias = true, lengths = false, initial = false }: Case): Graph {
  const next = randomStream(3);
  const graph = new Graph("recurrent");
  const b = new Builder(graph);
  const directions = attrs.direction === "bidirectional" ? 2 : 1;
  const gates = GATES[op] * HIDDEN;
  const random = (...dims: number[]) => b.constant(randomTensor(next, dims));
  const states = op === "LSTM" ? 2 : 1;
  const inputs = [
    graph.input("x", { dtype: "float32", shape: [TIME, BATCH, FEATURES] }),
    random(directions, gates, FEATURES),
    random(directions, gates, HIDDEN),
    bias ? random(directions, 2 * gates) : undefined,
    lengths ? b.constant(tensor("int32", [BATCH], Int32Array.of(2, 4, 1))) : undefined,
    ...(initial ? Array.from({ length: states }, () => random(directions, BATCH, HIDDEN)) : []),
  ];
  const outputs = b.ops(op, inputs, { hidden_size: HIDDEN, ...attrs }, states + 1);
  for (const [i, output] of outputs.entries()) graph.output(`${i}`, output);
  return graph;
}

const written = (graph: Graph): Graph =>
  copyGraph(graph, {
    node: (target, node, inputs) =>
      isRecurrent(node) ? unrolled(target, node, inputs) : likeNode(target, node, inputs),
  });

const kinds: readonly Case[] = [
  { op: "RNN" },
  { op: "GRU" },
  { op: "GRU", attrs: { linear_before_reset: 1 } },
  { op: "LSTM" },
];
const forms: readonly (Omit<Case, "op"> & { form: string })[] = [
  { form: "plain" },
  { form: "without biases", bias: false },
  {
    form: "backwards, of different lengths, from given states",
    attrs: { direction: "reverse" },
    lengths: true,
    initial: true,
  },
  { form: "both ways, of different lengths", attrs: { direction: "bidirectional" }, lengths: true },
];

describe("written out, onnxruntime gives what its own operator gives", () => {
  const cases = kinds.flatMap((kind) =>
    forms.map(({ form, ...rest }) => ({ ...kind, ...rest, form, attrs: { ...kind.attrs, ...rest.attrs } })),
  );
  test.each(cases)("$op $attrs.linear_before_reset, $form", async (item) => {
    const graph = graphOf(item);
    const inputs = { x: randomTensor(randomStream(8), [TIME, BATCH, FEATURES]) };
    const [wanted, got] = [await run(graph, inputs), await run(written(graph), inputs)];
    for (const [name, values] of Object.entries(wanted))
      expect(maxDifference(values, got[name]!), name).toBeLessThan(1e-6);
  });

  test.each([
    { op: "RNN", activations: ["LeakyRelu"], activation_alpha: [0.3] },
    { op: "RNN", activations: ["Softsign"] },
    { op: "RNN", activations: ["ThresholdedRelu"], activation_alpha: [0.1] },
    {
      op: "GRU",
      activations: ["HardSigmoid", "ScaledTanh"],
      activation_alpha: [0.3, 0.7],
      activation_beta: [0.4, 0.6],
    },
    { op: "LSTM", activations: ["Sigmoid", "Affine", "Elu"], activation_alpha: [0.9, 0.5], activation_beta: [0.1] },
  ] as const)("$op with $activations", async ({ op, ...attrs }) => {
    const graph = graphOf({ op, attrs });
    const inputs = { x: randomTensor(randomStream(8), [TIME, BATCH, FEATURES]) };
    const [wanted, got] = [await run(graph, inputs), await run(written(graph), inputs)];
    for (const [name, values] of Object.entries(wanted))
      expect(maxDifference(values, got[name]!), name).toBeLessThan(1e-6);
  });
});

test("activations that ONNX doesn't have are refused", () => {
  expect(() => written(graphOf({ op: "RNN", attrs: { activations: ["Swish"] } }))).toThrow(
    "an activation that ONNX doesn't have (got Swish",
  );
  expect(() => written(graphOf({ op: "GRU", attrs: { activations: ["Tanh"] } }))).toThrow(
    "another number of activations (got 1, wanted 2)",
  );
});

test("a sequence too long to write out is refused", () => {
  const graph = new Graph("long");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [4097, 1, 1] });
  graph.output("y", b.op("RNN", [x, b.filled([1, 1, 1], 1), b.filled([1, 1, 1], 1)], { hidden_size: 1 }, "rnn"));
  expect(() => written(graph)).toThrow(
    expect.objectContaining({ code: "unsupported", message: expect.stringContaining("rnn: too many steps") }),
  );
});
