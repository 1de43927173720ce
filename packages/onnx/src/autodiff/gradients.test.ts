import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import type { TensorOf } from "../ir/tensor.ts";
import { sizeOf } from "../ir/types.ts";
import { cpuRules } from "../lower/cpu/cpu.ts";
import { type Rules, translate } from "../lower/translation.ts";
import { webgpuRules } from "../lower/webgpu/webgpu.ts";
import { type OpName, ops } from "../ops/index.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { run } from "../testing/run.ts";
import { basicCases, type GradientCase } from "./basic-cases.ts";
import { drawnCases } from "./drawn-cases.ts";
import { furtherCases } from "./further-cases.ts";
import { gradients } from "./gradients.ts";
import { vjps } from "./vjps.ts";

const cases = [...basicCases, ...furtherCases, ...drawnCases];

/** loss = Σ weights · f(inputs), lowered; with the gradient by every input beside it. */
function lossGraph(
  { name, inputs, build }: GradientCase,
  next: () => number,
  differentiate: boolean,
  rules: Rules,
): Graph {
  const graph = new Graph(name);
  const b = new Builder(graph);
  const values = Object.entries(inputs).map(([input, shape]) => graph.input(input, { dtype: "float32", shape }));
  const y = build(b, values);
  const loss = b.sum(b.mul(y, b.constant(randomTensor(next, y.shape as number[]))), [...y.shape.keys()], 0);
  graph.output("loss", loss);
  if (differentiate)
    for (const [i, gradient] of gradients(graph, loss, values).entries())
      graph.output(`d_${values[i]!.name}`, gradient);
  return translate(graph, rules);
}

/** How far central differences go to each side. */
const h = 2 ** -7;

/** Where the gradients are checked. */
function pointOf({ inputs, shift = 0, apart = false }: GradientCase, next: () => number) {
  const drawn = Object.entries(inputs).map(([name, dims]) => ({ name, value: randomTensor(next, dims) }));
  const order = drawn.flatMap(({ value }) => [...value.data]).sort((a, b) => a - b);
  /** The numbers' places in order, 4h from one to the next and none nearer than 2h to 0. */
  const spread = (x: number): number => (order.indexOf(x) - Math.floor(order.length / 2) + 0.5) * 4 * h;
  const moved = (x: number): number => (apart ? spread(x) : x) + shift;
  return Object.fromEntries(
    drawn.map(({ name, value }): [string, TensorOf<"float32">] => [name, { ...value, data: value.data.map(moved) }]),
  );
}

const targets = { cpu: cpuRules, webgpu: webgpuRules };

/** Both targets' operators run on onnxruntime's CPU provider here. */
test.for(cases.flatMap((item) => (["cpu", "webgpu"] as const).map((target) => ({ ...item, item, target }))))(
  "$name for $target: gradients equal central differences",
  async ({ item, target }) => {
    const next = randomStream(7);
    const point = pointOf(item, next);
    const seeded = () => randomStream(11);
    const outputs = await run(lossGraph(item, seeded(), true, targets[target]), point);
    const plain = lossGraph(item, seeded(), false, targets[target]);
    // A random direction for each input: (loss(x + h·v) - loss(x - h·v)) / 2h = gradient · v, up to h² and float32 rounding.
    for (const [name, dims] of Object.entries(item.inputs)) {
      const direction = randomTensor(next, dims);
      const at = async (sign: number): Promise<number> => {
        const data = point[name]!.data.map((x, i) => x + sign * h * direction.data[i]!);
        return (await run(plain, { ...point, [name]: { ...point[name]!, data } })).loss![0]!;
      };
      const numeric = ((await at(1)) - (await at(-1))) / (2 * h);
      const gradient = outputs[`d_${name}`]!;
      expect(gradient).toHaveLength(sizeOf(dims));
      const symbolic = gradient.reduce((sum, g, i) => sum + g * direction.data[i]!, 0);
      expect(Math.abs(symbolic - numeric), `d ${name}: ${symbolic} and ${numeric}`).toBeLessThan(
        2e-3 * Math.max(1, Math.abs(numeric)),
      );
    }
  },
);

test("every operator with a rule has a case here", () => {
  const tested = new Set(cases.flatMap((item) => [...lossBeforeLowering(item).order()].map((node) => node.op)));
  const untested = (Object.keys(ops) as OpName[]).filter((op) => typeof vjps[op] === "function" && !tested.has(op));
  expect(untested).toEqual([]);
});

function lossBeforeLowering({ name, inputs, build }: GradientCase): Graph {
  const graph = new Graph(name);
  const values = Object.entries(inputs).map(([input, shape]) => graph.input(input, { dtype: "float32", shape }));
  graph.output("y", build(new Builder(graph), values));
  return graph;
}

test("a bias before a batch normalization has no gradient", async () => {
  const next = randomStream(5);
  const graph = new Graph("biased");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [2, 2, 4, 4] });
  const bias = graph.input("bias", { dtype: "float32", shape: [3] });
  const y = b.op("Conv", [x, b.constant(randomTensor(next, [3, 2, 3, 3])), bias], { kernel_shape: [3, 3] });
  const statistics = [b.filled([3], 1), b.filled([3], 0), b.filled([3], 0), b.filled([3], 1)];
  const [normal] = b.ops("BatchNormalization", [y, ...statistics], { epsilon: 1e-3, training_mode: 1 }, 3);
  const loss = b.sum(b.mul(normal!, b.constant(randomTensor(next, [2, 3, 2, 2]))), [0, 1, 2, 3], 0);
  graph.output("loss", loss);
  graph.output("d_bias", gradients(graph, loss, [bias])[0]!);
  const lowered = translate(graph, cpuRules);
  const inputs = { x: randomTensor(next, [2, 2, 4, 4]), bias: randomTensor(next, [3]) };
  const moved = { ...inputs, bias: { ...inputs.bias, data: inputs.bias.data.map((value) => value + 1) } };
  const [here, there] = [await run(lowered, inputs), await run(lowered, moved)];
  expect([...here.d_bias!]).toEqual([0, 0, 0]);
  expect(Math.abs(here.loss![0]! - there.loss![0]!)).toBeLessThan(1e-5);
});

test("refusals name the operator and the reason", () => {
  const graph = new Graph("g");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [3] });
  const loop = b.op(
    "RNN",
    [b.reshape(x, [1, 1, 3]), b.filled([1, 2, 3], 1), b.filled([1, 2, 2], 1)],
    { hidden_size: 2 },
    "rnn",
  );
  expect(() => gradients(graph, b.total(loop), [x])).toThrow(
    "g: rnn: RNN can't be differentiated: it stands for a loop",
  );
  const scattered = { axis: 0, reduction: "max" };
  const written = b.sum(b.op("ScatterElements", [x, b.ints([0]), b.filled([1], 2)], scattered, "largest"), [0], 0);
  expect(() => gradients(graph, written, [x])).toThrow(
    "g: largest: ScatterElements: a gradient of ScatterElements with this reduction (got max)",
  );
  const [y, mean] = b.ops("LayerNormalization", [x, b.filled([3], 1)], { axis: 0, epsilon: 1e-3 }, 3);
  for (const result of [mean!, b.mul(y!, mean!)])
    expect(() => gradients(graph, b.sum(result, [0], 0), [x])).toThrow(
      "LayerNormalization can't be differentiated by its further outputs",
    );
  const other = graph.input("other", { dtype: "float32", shape: [3] });
  expect(() => gradients(graph, b.sum(x, [0], 0), [other])).toThrow(
    "the loss does not depend on a parameter (got other)",
  );
  expect(() => gradients(graph, x, [x])).toThrow("the loss is no scalar");
});
