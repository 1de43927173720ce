import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { floats } from "../ir/tensor.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { run } from "../testing/run.ts";
import { type OptimizerConfig, optimizerOf } from "./index.ts";

/** One weight's update in float64, straight from the publication; `state` starts empty. */
type Formula = (p: number, g: number, state: Record<string, number>, lr: number, t: number) => number;

const adam =
  (decay: number): Formula =>
  (p, g, s, lr, t) => {
    s.m = 0.9 * (s.m ?? 0) + 0.1 * g;
    s.v = 0.999 * (s.v ?? 0) + 0.001 * g * g;
    const [m, v] = [s.m / (1 - 0.9 ** t), s.v / (1 - 0.999 ** t)];
    return p - lr * decay * p - (lr * m) / (Math.sqrt(v) + 1e-7);
  };

const rmsprop =
  (centered: boolean, momentum: number): Formula =>
  (p, g, s, lr) => {
    s.v = 0.9 * (s.v ?? 0) + 0.1 * g * g;
    s.a = 0.9 * (s.a ?? 0) + 0.1 * g;
    const spread = centered ? s.v - s.a * s.a : s.v;
    s.move = momentum * (s.move ?? 0) + (lr * g) / Math.sqrt(spread + 1e-7);
    return p - s.move;
  };

const cases: readonly { config: OptimizerConfig; formula: Formula }[] = [
  { config: "sgd", formula: (p, g, _s, lr) => p - lr * g },
  { config: { name: "sgd", weightDecay: 0.1 }, formula: (p, g, _s, lr) => p - lr * 0.1 * p - lr * g },
  {
    config: "momentum",
    formula(p, g, s, lr) {
      s.v = 0.9 * (s.v ?? 0) + g;
      return p - lr * s.v;
    },
  },
  {
    config: { name: "nesterov", momentum: 0.8 },
    formula(p, g, s, lr) {
      s.v = 0.8 * (s.v ?? 0) + g;
      return p - lr * (g + 0.8 * s.v);
    },
  },
  { config: "adam", formula: adam(0) },
  { config: "adamw", formula: adam(0.004) },
  { config: { name: "adamw", weightDecay: 0.05 }, formula: adam(0.05) },
  {
    config: "adamax",
    formula(p, g, s, lr, t) {
      s.m = 0.9 * (s.m ?? 0) + 0.1 * g;
      s.u = Math.max(0.999 * (s.u ?? 0), Math.abs(g));
      return p - ((lr / (1 - 0.9 ** t)) * s.m) / (s.u + 1e-7);
    },
  },
  { config: "rmsprop", formula: rmsprop(false, 0) },
  { config: { name: "rmsprop", centered: true }, formula: rmsprop(true, 0) },
  { config: { name: "rmsprop", centered: true, momentum: 0.5 }, formula: rmsprop(true, 0.5) },
  {
    config: "adagrad",
    formula(p, g, s, lr) {
      s.a = (s.a ?? 0.1) + g * g;
      return p - (lr * g) / Math.sqrt(s.a + 1e-7);
    },
  },
  {
    config: "adadelta",
    formula(p, g, s, lr) {
      s.a = 0.95 * (s.a ?? 0) + 0.05 * g * g;
      const d = (g * Math.sqrt((s.x ?? 0) + 1e-7)) / Math.sqrt(s.a + 1e-7);
      s.x = 0.95 * (s.x ?? 0) + 0.05 * d * d;
      return p - lr * d;
    },
  },
  {
    config: "lion",
    formula(p, g, s, lr) {
      const direction = Math.sign(0.9 * (s.m ?? 0) + 0.1 * g);
      s.m = 0.99 * (s.m ?? 0) + 0.01 * g;
      return p - lr * direction;
    },
  },
];

const DIMS = [2, 3];
const STEPS = 20;
const LEARNING_RATE = 0.05;

test.each(cases)("$config: 20 steps are the published formula's in float64", async ({ config, formula }) => {
  const optimizer = optimizerOf(config);
  const graph = new Graph("update");
  const b = new Builder(graph);
  const input = (name: string, shape: readonly number[]) => graph.input(name, { dtype: "float32", shape });
  const [parameter, gradient] = [input("p", DIMS), input("g", DIMS)];
  const slots = optimizer.slots.map((slot) => input(slot, DIMS));
  const scalars = optimizer.scalars.map((name) => input(`scalar ${name}`, []));
  const moved = optimizer.update(b, { parameter, gradient, slots, scalars });
  graph.output("next", b.sub(parameter, moved.move));
  for (const [i, slot] of moved.slots.entries()) graph.output(`next ${optimizer.slots[i]}`, slot);

  const next = randomStream(5);
  let p = randomTensor(next, DIMS);
  let state = optimizer.slots.map(() => floats(DIMS, new Float32Array(6)));
  const exact = [...p.data];
  const memory = exact.map((): Record<string, number> => ({}));
  for (let t = 1; t <= STEPS; t++) {
    const g = randomTensor(next, DIMS);
    const numbers = optimizer.schedule(LEARNING_RATE, t);
    const outputs = await run(graph, {
      p,
      g,
      ...Object.fromEntries(optimizer.slots.map((slot, i) => [slot, state[i]!])),
      ...Object.fromEntries(optimizer.scalars.map((name, i) => [`scalar ${name}`, floats([], [numbers[i]!])])),
    });
    p = floats(DIMS, outputs.next!);
    state = optimizer.slots.map((slot) => floats(DIMS, outputs[`next ${slot}`]!));
    for (const [i, value] of exact.entries()) exact[i] = formula(value, g.data[i]!, memory[i]!, LEARNING_RATE, t);
  }
  for (const [i, value] of exact.entries()) expect(Math.abs(p.data[i]! - value)).toBeLessThan(2e-5);
});

test("weight decay leaves biases and scales alone", () => {
  const optimizer = optimizerOf("adamw");
  const graph = new Graph("update");
  const vector = (name: string) => graph.input(name, { dtype: "float32", shape: [3] });
  const scalars = optimizer.scalars.map((name) => graph.input(name, { dtype: "float32", shape: [] }));
  const slots = optimizer.slots.map(vector);
  optimizer.update(new Builder(graph), { parameter: vector("p"), gradient: vector("g"), slots, scalars });
  expect(scalars.at(-1)!.users.size).toBe(0);
});

test("names and options out of range are refused", () => {
  // @ts-expect-error: no such optimizer
  expect(() => optimizerOf("adma")).toThrow("optimizer: unknown name (got adma, wanted adadelta, adagrad, adam,");
  expect(() => optimizerOf({ name: "adam", beta1: 1 })).toThrow(
    'optimizer adam: option "beta1" (got 1, wanted a number from 0 up, below 1)',
  );
  expect(() => optimizerOf({ name: "sgd", weightDecay: Number.NaN })).toThrow('option "weightDecay"');
  const stranger = { name: "adam", weight_decay: 0.1 } as const;
  expect(() => optimizerOf(stranger)).toThrow(
    "optimizer adam: unknown option (got weight_decay, wanted weightDecay, beta1, beta2, epsilon)",
  );
});
