import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { artifactsOf, exportModel, forward } from "../index.ts";
import { expectClose, type Feeds, runGraph, runOnnx } from "../testing/onnxruntime.ts";
import { chain, randomizeWeights, randomTensor } from "../testing/tiny.ts";

const { layers } = tf;
type Symbolic = tf.SymbolicTensor;

const names = ["simpleRNN", "gru", "lstm"] as const;
const name = "r";
const units = 3;

/** Batch of 4: all steps, a hole, a step masked at each end, and no step that counts. */
const MASKED = [
  [1, 1, 1, 1, 1],
  [1, 0, 0, 1, 1],
  [0, 1, 1, 1, 0],
  [0, 0, 0, 0, 0],
];
const holes = (features: number): tf.Tensor =>
  randomTensor([4, 5, features]).mul(tf.tensor(MASKED).expandDims(2)) as tf.Tensor;

const emitted = async (model: tf.LayersModel) =>
  forward(await artifactsOf(model), { training: false, weights: "constants" }).graph;

/** tfjs' own `predict` is the reference, for every output. */
async function expectSame(model: tf.LayersModel, ...feeds: tf.Tensor[]) {
  const graph = await emitted(model);
  const got = Object.values(await runGraph(graph, feeds as Feeds));
  const wanted = [model.predict(feeds.length === 1 ? feeds[0]! : feeds)].flat();
  expect(got.length).toBe(wanted.length);
  for (const [i, output] of wanted.entries()) expectClose(got[i], output);
  return graph;
}

/** A model of one layer, all its outputs the model's. */
function single(shape: readonly (number | null)[], layer: tf.layers.Layer): tf.LayersModel {
  const input = tf.input({ shape: [...shape], name: "x" });
  return randomizeWeights(tf.model({ inputs: input, outputs: layer.apply(input) as Symbolic | Symbolic[] }));
}

const ops = (graph: Awaited<ReturnType<typeof emitted>>) => graph.order().map(({ op }) => op);
const RECURRENT = ["RNN", "GRU", "LSTM"];

const settings = {
  "last output": {},
  sequences: { returnSequences: true },
  "sequences and states": { returnSequences: true, returnState: true },
  backwards: { goBackwards: true },
  "backwards, sequences and states": { goBackwards: true, returnSequences: true, returnState: true },
  "no bias": { useBias: false },
  relu: { activation: "relu" },
  linear: { activation: "linear", returnSequences: true },
  "dropout, which is nothing at inference": { dropout: 0.5, recurrentDropout: 0.5 },
} as const;

describe.each(names)("%s", (kind) => {
  test.each(Object.entries(settings))("%s", async (_name, setting) => {
    const layer = layers[kind]({ units, recurrentActivation: "sigmoid", name, ...setting });
    const graph = await expectSame(single([5, 2], layer), randomTensor([4, 5, 2]));
    expect(ops(graph).filter((op) => RECURRENT.includes(op))).toHaveLength(1);
  });

  test.each(Object.entries(settings))("masks with holes: %s", async (_name, setting) => {
    const layer = layers[kind]({ units, recurrentActivation: "sigmoid", name, ...setting });
    const input = tf.input({ shape: [5, 2], name: "x" });
    const masked = layers.masking({ name: "m" }).apply(input) as Symbolic;
    const model = randomizeWeights(tf.model({ inputs: input, outputs: layer.apply(masked) as Symbolic | Symbolic[] }));
    // Adds a bias everywhere, so that a masked step that is run by mistake shows.
    await expectSame(model, holes(2));
  });

  test("an unknown number of steps, masked", async () => {
    const model = chain(
      [null, 2],
      layers.masking({ name: "m" }),
      layers[kind]({ units, recurrentActivation: "sigmoid", returnSequences: true, name: "first" }),
      layers[kind]({ units, recurrentActivation: "sigmoid", goBackwards: true, name }),
    );
    const graph = await expectSame(model, holes(2));
    expect(graph.inputs[0]!.shape).toEqual(["batch", "input_1_dim_1", 2]);
  });

  test("an activation that ONNX's operators lack is written out step by step, masks included", async () => {
    const setting = { units, recurrentActivation: "sigmoid", activation: "softmax", returnState: true, name } as const;
    const model = single([5, 2], layers[kind](setting));
    const graph = await expectSame(model, randomTensor([4, 5, 2]));
    expect(ops(graph).filter((op) => RECURRENT.includes(op))).toEqual([]);
    const sequences = layers[kind]({ ...setting, returnState: false, returnSequences: true, goBackwards: true });
    await expectSame(chain([5, 2], layers.masking({ name: "m" }), sequences), holes(2));
    const unknown = await artifactsOf(chain([null, 2], layers[kind]({ ...setting, returnState: false })));
    expect(() => forward(unknown, { training: false, weights: "constants" })).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining("a known number of steps") }),
    );
  });

  test("initial states, masked", async () => {
    const x = tf.input({ shape: [5, 2], name: "x" });
    const states = (kind === "lstm" ? ["h", "c"] : ["h"]).map((state) => tf.input({ shape: [units], name: state }));
    const layer = layers[kind]({ units, recurrentActivation: "sigmoid", returnState: true, name });
    const masked = layers.masking({ name: "m" }).apply(x) as Symbolic;
    const outputs = layer.apply(masked, { initialState: states }) as Symbolic[];
    const model = randomizeWeights(tf.model({ inputs: [x, ...states], outputs }));
    const [steps, ...initialState] = [holes(2), ...states.map((_, i) => randomTensor([4, units], i + 5))];
    // tfjs' own predict fails on a live model with initial states.
    const [, ...wanted] = layer.call(steps!, { initialState, mask: tf.tensor(MASKED) }) as tf.Tensor[];
    const [output, ...got] = Object.values(await runGraph(await emitted(model), [steps!, ...initialState]));
    for (const [i, state] of wanted.entries()) expectClose(got[i], state);
    // The last sequence has no step that counts: tfjs' output is the initial state then, Keras' is zeros.
    expectClose(output, wanted[0]!.mul(tf.tensor([[1], [1], [1], [0]])));
  });

  test.each([
    ["concat", true],
    ["concat", false],
    ["sum", true],
    ["mul", false],
    ["ave", false],
  ] as const)("Bidirectional %s, sequences %s", async (mergeMode, returnSequences) => {
    const layer = layers[kind]({ units, recurrentActivation: "sigmoid", returnSequences, name });
    const merged = layers.bidirectional({ layer: layer as tf.RNN, mergeMode, name: "b" });
    const graph = await expectSame(single([5, 2], merged), randomTensor([4, 5, 2]));
    expect(ops(graph).filter((op) => RECURRENT.includes(op))).toHaveLength(1);
    if (!returnSequences) await expectSame(chain([5, 2], layers.masking({ name: "m" }), merged), holes(2));
  });

  test("stacked cells, backwards", async () => {
    const cell = layers[`${kind}Cell`];
    const cells = [2, 3].map((size, i) => cell({ units: size, recurrentActivation: "sigmoid", name: `c${i}` }));
    const layer = layers.rnn({ cell: cells, goBackwards: true, returnSequences: true, name });
    await expectSame(chain([5, 2], layers.masking({ name: "m" }), layer as tf.layers.Layer), holes(2));
  });

  test("stateful: each run begins with zeros, or states are inputs and outputs", async () => {
    const layer = layers[kind]({ units, recurrentActivation: "sigmoid", stateful: true, name });
    const input = tf.input({ batchShape: [4, 5, 2], name: "x" });
    const model = randomizeWeights(tf.model({ inputs: input, outputs: layer.apply(input) as Symbolic }));
    const artifacts = await artifactsOf(model);
    const [first, second] = [randomTensor([4, 5, 2], 1), randomTensor([4, 5, 2], 2)];
    const wanted = [first, second].map((x) => model.predict(x) as tf.Tensor);
    const plain = forward(artifacts, { training: false, weights: "constants" });
    expect(plain.states).toEqual([]);
    expectClose((await runGraph(plain.graph, { x: first })).r, wanted[0]!);
    const { graph, states } = forward(artifacts, { training: false, weights: "constants", states: "inputs" });
    expect(states[0]).toMatchObject({ input: "r/state_0", output: "next/r/state_0", type: { shape: [4, units] } });
    const zero = Object.fromEntries(states.map(({ input }) => [input, tf.zeros([4, units])]));
    const one = await runGraph(graph, { x: first, ...zero });
    const carried = states.map((state) => [
      state.input,
      tf.tensor(one[state.output]!.data as Float32Array, [4, units]),
    ]);
    expectClose((await runGraph(graph, { x: second, ...Object.fromEntries(carried) })).r, wanted[1]!);
    const { bytes } = await exportModel(model, { states: "inputs" });
    expect(Object.keys(await runOnnx(bytes, { x: first, ...zero }))).toEqual([
      "r",
      ...states.map(({ output }) => output),
    ]);
  });
});

test("custom cells are refused by name", async () => {
  const artifacts = await artifactsOf(
    chain([5, 2], layers.rnn({ cell: layers.gruCell({ units, name: "c" }), name }) as tf.layers.Layer),
  );
  const text = JSON.stringify(artifacts.modelTopology).replace('"GRUCell"', '"MyCell"');
  expect(() =>
    forward({ ...artifacts, modelTopology: JSON.parse(text) }, { training: false, weights: "constants" }),
  ).toThrow(expect.objectContaining({ code: "unsupported", message: expect.stringContaining("cell of class MyCell") }));
});

test("Bidirectional of what isn't recurrent is refused", async () => {
  const merged = layers.bidirectional({ layer: layers.gru({ units, name }) as tf.RNN, name: "b" });
  const artifacts = await artifactsOf(chain([5, 2], merged));
  const text = JSON.stringify(artifacts.modelTopology).replace('"GRU"', '"Dense"');
  expect(() =>
    forward({ ...artifacts, modelTopology: JSON.parse(text) }, { training: false, weights: "constants" }),
  ).toThrow("Bidirectional of Dense");
});
