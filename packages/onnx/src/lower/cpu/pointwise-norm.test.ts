import { expect, test } from "vitest";
import { Builder } from "../../builder/builder.ts";
import { Graph } from "../../ir/graph.ts";
import { randomStream, randomTensor } from "../../testing/random.ts";
import { maxDifference, run } from "../../testing/run.ts";
import { translate } from "../translation.ts";
import { cpuRules } from "./cpu.ts";

const CI = 3;

/** A pointwise convolution of [2, 3, 8, 7] and its normalization in training mode, with the moving averages. */
function normalized(co: number): Graph {
  const next = randomStream(9);
  const graph = new Graph("block");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [2, CI, 8, 7] });
  const constant = (...dims: number[]) => b.constant(randomTensor(next, dims));
  const z = b.op("Conv", [x, constant(co, CI, 1, 1), constant(co)], { kernel_shape: [1, 1] });
  const statistics = [constant(co), constant(co), constant(co), b.filled([co], 1)];
  const results = b.ops("BatchNormalization", [z, ...statistics], { epsilon: 1e-3, training_mode: 1 }, 3);
  for (const [i, name] of ["y", "mean", "variance"].entries()) graph.output(name, results[i]!);
  return graph;
}

test.each([
  { what: "widens: statistics from its input", co: 8, form: "Gemm, no pass over z" },
  { what: "doesn't widen: statistics from its output", co: 4, form: "passes over z" },
])("the normalization of a convolution that $what is onnxruntime's own", async ({ co, form }) => {
  const next = randomStream(4);
  const random = randomTensor(next, [2, CI, 8, 7]);
  // Far from zero, as activations behind a relu are: the covariance must not cancel.
  const x = { ...random, data: random.data.map((value) => value + 4) };
  const lowered = translate(normalized(co), cpuRules);
  const wide = lowered.order().filter(({ op, output }) => op === "Sub" && output.shape.at(-1) === co);
  expect(wide).toHaveLength(form === "passes over z" ? 1 : 0);
  const [expected, actual] = [await run(normalized(co), { x }), await run(lowered, { x })];
  for (const name of ["y", "mean", "variance"])
    expect(maxDifference(expected[name]!, actual[name]!), name).toBeLessThan(2e-5);
});
