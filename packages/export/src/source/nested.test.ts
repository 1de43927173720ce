import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { artifactsOf, forward } from "../index.ts";
import { expectClose, runGraph } from "../testing/onnxruntime.ts";
import { randomizeWeights, randomTensor } from "../testing/tiny.ts";
import { readTopology } from "./topology.ts";

const { layers } = tf;
type Symbolic = tf.SymbolicTensor;
const apply = (layer: tf.layers.Layer, x: Symbolic | Symbolic[]) => layer.apply(x) as Symbolic;
const dense = (name: string, units = 3, inputShape?: number[]) =>
  layers.dense({ units, name, activation: "tanh", ...(inputShape && { inputShape }) });

/** Runs a model's export and compares with tfjs. `names` are the outputs'. */
async function expectSame(model: tf.LayersModel, names: readonly string[]) {
  randomizeWeights(model);
  const feeds = Object.fromEntries(
    model.inputs.map(({ shape }, i) => [model.inputNames[i], randomTensor([2, ...shape.slice(1).map(Number)], i + 1)]),
  );
  const { graph, inputs, outputs } = forward(await artifactsOf(model), { training: false, weights: "constants" });
  expect(inputs.map(({ name }) => name)).toEqual(model.inputNames);
  expect(outputs.map(({ name }) => name)).toEqual(names);
  const wanted = [model.predict(Object.values(feeds))].flat() as tf.Tensor[];
  const got = await runGraph(graph, feeds);
  for (const [i, name] of names.entries()) expectClose(got[name], wanted[i]!);
}

/** Two inputs, two outputs: x and y through layers of their own, and their sum. */
function pairModel(name: string): tf.LayersModel {
  const [x, y] = [tf.input({ shape: [3], name: `${name}_x` }), tf.input({ shape: [3], name: `${name}_y` })];
  const left = apply(dense(`${name}_left`), x);
  const sum = apply(layers.add({ name: `${name}_sum` }), [left, apply(dense(`${name}_right`), y)]);
  return tf.model({ inputs: [x, y], outputs: [sum, left], name });
}

test("a model with two inputs and outputs, called twice, its outputs crossed over", async () => {
  const inner = pairModel("pair");
  const [a, b] = [tf.input({ shape: [3], name: "a" }), tf.input({ shape: [3], name: "b" })];
  const [first, second] = inner.apply([a, b]) as Symbolic[];
  const [third, fourth] = inner.apply([second!, first!]) as Symbolic[];
  const out = apply(dense("head"), third!);
  await expectSame(tf.model({ inputs: [a, b], outputs: [out, fourth!, first!] }), ["head", "pair", "pair_1"]);
});

test("a Sequential inside a functional model inside a Sequential", async () => {
  const innermost = tf.sequential({ name: "innermost", layers: [dense("d1", 4, [3]), dense("d2")] });
  const x = tf.input({ shape: [3], name: "middle_in" });
  const twice = innermost.apply(innermost.apply(x)) as Symbolic;
  const middle = tf.model({ inputs: x, outputs: apply(layers.add({ name: "add" }), [twice, x]), name: "middle" });
  await expectSame(tf.sequential({ name: "outer", layers: [middle, dense("d3", 2)] }), ["d3"]);
});

test("layers of one name in models beside each other keep their own weights", async () => {
  const branch = (name: string) => {
    const x = tf.input({ shape: [3], name: `${name}_in` });
    const first = dense("dense", 4);
    const y = apply(layers.batchNormalization({ name: "bn" }), apply(first, x));
    return tf.model({ inputs: x, outputs: y, name });
  };
  const x = tf.input({ shape: [3], name: "x" });
  const outputs = [apply(branch("left"), x), apply(branch("right"), x)];
  const model = tf.model({ inputs: x, outputs: apply(dense("dense", 2), apply(layers.add({ name: "s" }), outputs)) });
  await expectSame(model, ["dense"]);
});

test("a model that hands its input through", async () => {
  const inner = tf.input({ shape: [3], name: "inner" });
  const through = tf.model({ inputs: inner, outputs: [inner, apply(dense("d"), inner)], name: "through" });
  const x = tf.input({ shape: [3], name: "x" });
  const [same, other] = through.apply(apply(dense("before"), x)) as Symbolic[];
  await expectSame(tf.model({ inputs: x, outputs: apply(layers.add({ name: "sum" }), [same!, other!]) }), ["sum"]);
});

const ref = (layer: string, node = 0) => [layer, node, 0, {}];
const input = (name: string) => ({
  class_name: "InputLayer",
  name,
  config: { name, batch_input_shape: [null, 3] },
  inbound_nodes: [],
});
const functional = (name: string, layers: unknown[], inputs: string[], outputs: unknown[]) => ({
  class_name: "Functional",
  name,
  config: { name, layers, input_layers: inputs.map((layer) => [layer, 0, 0]), output_layers: outputs },
});
const relu = (name: string, ...calls: unknown[][]) => ({
  class_name: "ReLU",
  name,
  config: { name, trainable: true },
  inbound_nodes: calls,
});
const read = (json: unknown) => readTopology(JSON.parse(JSON.stringify(json)), "m.json");

test("Keras 3 counts a model's calls from 0, Keras 2 and tfjs from 1", () => {
  for (const first of [0, 1]) {
    const inner = functional("inner", [input("i"), relu("r", [ref("i")])], ["i"], [["r", 0, 0]]);
    const called = { ...inner, inbound_nodes: [[ref("x")], [ref("inner", first)]] };
    const { layers, outputs } = read(functional("outer", [input("x"), called], ["x"], [["inner", first + 1, 0]]));
    expect(layers.map(({ name, calls }) => [name, calls.map(({ inputs }) => inputs)])).toEqual([
      ["x", [[]]],
      ["inner/r", [[{ layer: "x", node: 0, tensor: 0 }], [{ layer: "inner/r", node: 0, tensor: 0 }]]],
    ]);
    expect(outputs).toEqual([{ layer: "inner/r", node: 1, tensor: 0 }]);
  }
});

test("what a call says about training, and a frozen model, hold for the layers inside", () => {
  const inner = functional("inner", [input("i"), relu("r", [ref("i")])], ["i"], [["r", 0, 0]]);
  const config = { ...inner.config, trainable: false };
  const called = { ...inner, config, inbound_nodes: [[["x", 0, 0, { training: false }]], [ref("x")]] };
  const { layers } = read(
    functional(
      "outer",
      [input("x"), called],
      ["x"],
      [
        ["inner", 0, 0],
        ["inner", 1, 0],
      ],
    ),
  );
  expect(layers[1]).toMatchObject({ trainable: false, path: ["inner", "r"] });
  expect(layers[1]!.calls.map(({ training }) => training)).toEqual([false, undefined]);
});

const nest = (depth: number): object =>
  functional(
    `m${depth}`,
    [
      input("i"),
      depth === 0
        ? relu("r", [ref("i")], [ref("r")])
        : { ...nest(depth - 1), inbound_nodes: [[ref("i")], [ref(`m${depth - 1}`)]] },
    ],
    ["i"],
    [[depth === 0 ? "r" : `m${depth - 1}`, 1, 0]],
  );

test.each<[string, object, string, string]>([
  ["models nested too deeply", nest(40), "bad-input", "models inside models"],
  ["models that call each other 2^30 times", nest(30), "unsupported", "100000 at most"],
  [
    "a model that is fed by itself",
    functional(
      "outer",
      [input("x"), { ...functional("inner", [input("i")], ["i"], [["i", 0, 0]]), inbound_nodes: [[ref("inner")]] }],
      ["x"],
      [["inner", 0, 0]],
    ),
    "bad-input",
    'layer "inner" depends on its own output',
  ],
  [
    "a model with one input that is given two",
    functional(
      "outer",
      [
        input("x"),
        {
          ...functional("inner", [input("i"), relu("r", [ref("i")])], ["i"], [["r", 0, 0]]),
          inbound_nodes: [[ref("x"), ref("x")]],
        },
      ],
      ["x"],
      [["inner", 0, 0]],
    ),
    "bad-input",
    'model "inner": number of inputs (got 2, wanted 1)',
  ],
  [
    "a call that isn't there",
    functional("outer", [input("x"), relu("r", [ref("x", 3)])], ["x"], [["r", 0, 0]]),
    "bad-input",
    'layer "r" reads call 3 of layer "x"',
  ],
  [
    "a Sequential without a shape",
    { class_name: "Sequential", config: { name: "s", layers: [{ class_name: "ReLU", config: { name: "r" } }] } },
    "unsupported",
    "a model without an input shape",
  ],
  [
    "a number as an input",
    functional("outer", [input("x"), relu("r", [["_CONSTANT_VALUE", -1, 3, {}]])], ["x"], [["r", 0, 0]]),
    "unsupported",
    "a number among the call's inputs",
  ],
])("%s is refused", (_, json, code, message) => {
  expect(() => read(json)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

test("a custom class and an operation are not mistaken for layers of the same name", () => {
  const { layers } = read(
    functional(
      "outer",
      [
        input("x"),
        { ...relu("a", [ref("x")]), registered_name: "mine>ReLU" },
        { ...relu("b", [ref("a")]), module: "keras.src.ops.nn" },
      ],
      ["x"],
      [["b", 0, 0]],
    ),
  );
  expect(layers.map(({ className }) => className)).toEqual(["InputLayer", "mine>ReLU", "ops.ReLU"]);
});

test("sums and products are the layers that compute them; other operations keep their names", () => {
  const lambda = (name: string, operation: string, ...node: unknown[]) => ({
    class_name: "TFOpLambda",
    name,
    config: { name, function: operation },
    inbound_nodes: [node],
  });
  const operation = (name: string, class_name: string, ...node: unknown[]) => ({
    ...relu(name, node),
    class_name,
    module: "keras.src.ops.numpy",
  });
  const number = (value: number) => ["_CONSTANT_VALUE", -1, value, {}];
  const { layers } = read(
    functional(
      "outer",
      [
        input("x"),
        lambda("two", "__operators__.add", ["x", 0, 0, { y: ["x", 0, 0], name: null }]),
        lambda("plus", "__operators__.add", ["x", 0, 0, { y: 3, name: null }]),
        lambda("exp", "math.exp", ["x", 0, 0, { name: null }]),
        operation("sum", "Add", ref("two"), ref("plus")),
        operation("one", "Subtract", number(1), ref("sum")),
        operation("half", "TrueDivide", ref("one"), number(2)),
      ],
      ["x"],
      [["half", 0, 0]],
    ),
  );
  expect(layers.slice(1).map(({ className, config: { scale, offset } }) => [className, scale, offset])).toEqual([
    ["Add", undefined, undefined],
    ["Rescaling", 1, 3],
    ["tf.math.exp", undefined, undefined],
    ["Add", undefined, undefined],
    ["Rescaling", -1, 1],
    ["Rescaling", 0.5, 0],
  ]);
  expect(layers.slice(1).map(({ calls }) => calls[0]!.inputs.length)).toEqual([2, 1, 1, 2, 1, 1]);
});
