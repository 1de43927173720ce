import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { floats, type TensorOf } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import { lossOf } from "../losses/index.ts";
import { cpuRules } from "../lower/cpu/cpu.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { maxDifference, run } from "../testing/run.ts";
import { buildStep, type StateSlot, type StepOptions } from "./step.ts";
import { type UpdateOptions, updateRule } from "./update-rule.ts";

const [BATCH, CHANNELS] = [3, 64];
const KERNEL = [3, 3, CHANNELS, CHANNELS];

/** A 3x3 convolution of 2x2 maps, which few-taps.ts lowers, and a dense layer; `penalty` reads the kernel once more. */
function step(update: UpdateOptions, options: Partial<StepOptions>, penalty = false) {
  const graph = new Graph("maps");
  const b = new Builder(graph);
  const input = (name: string, shape: readonly number[]) => graph.input(name, { dtype: "float32", shape });
  const [x, kernel, dense] = [input("x", [BATCH, CHANNELS, 2, 2]), input("kernel", KERNEL), input("dense", [256, 2])];
  const window = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 };
  const maps = b.relu(b.op("Conv", [x, b.transpose(kernel, [3, 2, 0, 1])], window));
  let value = b.matmul(b.reshape(maps, [BATCH, 256]), dense);
  if (penalty) value = b.add(value, b.total(b.mul(kernel, kernel)));
  const parameters = [kernel, dense].map((weight: Value) => ({ name: weight.name!, value: weight, trainable: true }));
  const outputs = [{ name: "y", value, loss: lossOf("meanSquaredError"), weight: 1 }];
  const phase = updateRule(update).phases.update;
  return buildStep({ graph, outputs, parameters }, { phase, ...options }, cpuRules);
}

type Step = ReturnType<typeof step>;
type Tensors = Record<string, TensorOf<"float32">>;

const sizeOf = (dims: readonly number[]): number => dims.reduce((size, dim) => size * dim, 1);
const stretch = ({ data }: TensorOf<"float32">, { dims, piece }: StateSlot): TensorOf<"float32"> =>
  floats(dims, piece ? data.subarray(piece.offset, piece.offset + sizeOf(dims)) : data);

/** A step from seeded numbers: its other outputs, and the whole arrays that it leaves. */
async function results({ graph, state }: Step): Promise<Record<string, Float32Array>> {
  const next = randomStream(7);
  const arrays: Tensors = {};
  for (const [name, dims] of Object.entries({ kernel: KERNEL, dense: [256, 2] }))
    for (const slot of ["", "m/", "v/", "ema/"]) {
      const { data } = randomTensor(next, dims);
      arrays[slot + name] = floats(
        dims,
        data.map((x) => (slot === "v/" ? 1 + x : x / 10)),
      );
    }
  const feeds: Tensors = { x: randomTensor(next, [BATCH, CHANNELS, 2, 2]), labels: randomTensor(next, [BATCH, 2]) };
  const scalars = { rate: 0.01, epsilon: 1e-7, kept: 1, share: 0.5 };
  for (const { name } of graph.inputs) {
    const slot = state.find(({ input }) => input === name);
    if (slot) feeds[name!] = stretch(arrays[slot.piece?.of ?? name!]!, slot);
    else if (name! in scalars) feeds[name!] = floats([], Float32Array.of(scalars[name as keyof typeof scalars]));
    else feeds[name!] ??= arrays[name!]!;
  }
  const given = await run(graph, feeds);
  const whole: Record<string, Float32Array> = {};
  for (const slot of state) {
    const [name, dims] = [slot.piece?.of ?? slot.input, slot.piece?.dims ?? slot.dims];
    whole[name] ??= new Float32Array(sizeOf(dims)).fill(Number.NaN);
    whole[name].set(given[slot.output]!, slot.piece?.offset ?? 0);
  }
  return { ...whole, loss: given.loss!, predictions: given.predictions! };
}

const taken = ({ state }: Step, array: string): StateSlot[] => state.filter(({ piece }) => piece?.of === array);
const splitOrJoined = ({ graph }: Step): number =>
  graph.order().filter((node) => node.inputs.some((input) => sizeOf(input!.shape as number[]) === sizeOf(KERNEL)))
    .length;

test("a kernel that is read tap by tap is taken and given so, with its optimizer's arrays", async () => {
  const pieces = step({ optimizer: "adam" }, { pieces: true });
  for (const name of ["kernel", "m/kernel", "v/kernel"]) {
    const slots = taken(pieces, name);
    expect(slots.map(({ input }) => input)).toEqual(Array.from({ length: 9 }, (_, i) => `${name}[${i}]`));
    expect(slots.map(({ piece }) => piece!.offset)).toEqual(Array.from({ length: 9 }, (_, i) => i * CHANNELS ** 2));
    expect(slots.every(({ inPlace }) => inPlace === (name !== "kernel"))).toBe(true);
  }
  expect(splitOrJoined(pieces)).toBe(0);
  expect(await results(pieces)).toEqual(await results(step({ optimizer: "adam" }, {})));
});

test("with an average, a part of the passes computed again", async () => {
  const update = { optimizer: "adam", ema: 0.9 } as const;
  const pieces = step(update, { pieces: true, recomputed: true });
  expect(taken(pieces, "ema/kernel")).toHaveLength(9);
  expect(await results(pieces)).toEqual(await results(step(update, {})));
});

test("gradients are clipped by one norm of all pieces", async () => {
  const update = { optimizer: "adam", clipNorm: 0.01 } as const;
  const pieces = step(update, { pieces: true });
  expect(splitOrJoined(pieces)).toBe(0);
  const [ours, whole] = await Promise.all([results(pieces), results(step(update, {}))]);
  // The norm's squares are added up in another order.
  for (const [name, array] of Object.entries(ours)) expect(maxDifference(array, whole[name]!), name).toBeLessThan(1e-6);
});

test("a kernel whose gradient is made as a whole stays whole", async () => {
  const penalized = step({ optimizer: "adam" }, { pieces: true }, true);
  expect(penalized.state.some(({ piece }) => piece)).toBe(false);
  expect(await results(penalized)).toEqual(await results(step({ optimizer: "adam" }, {}, true)));
});
