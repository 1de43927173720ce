import { expect, test } from "vitest";
import { fromKeras } from "./from-keras.ts";
import { refuseKeras1 } from "./keras1.ts";

const tensor = (...history: unknown[]) => ({
  class_name: "__keras_tensor__",
  config: { shape: [null, 3], dtype: "float32", keras_history: history },
});
const call = (args: unknown[], kwargs = {}) => ({ args, kwargs });
const layer = (class_name: string, name: string, ...inbound_nodes: unknown[]) => ({
  class_name,
  name,
  config: { name },
  inbound_nodes,
});

test.each<[string, object, unknown]>([
  ["one tensor", call([tensor("a", 0, 0)], { mask: null }), [["a", 0, 0, {}]]],
  [
    "a list",
    call([[tensor("a", 0, 0), tensor("b", 1, 2)]]),
    [
      ["a", 0, 0, {}],
      ["b", 1, 2, {}],
    ],
  ],
  [
    "tensors and flags by name",
    call([tensor("q", 0, 0), tensor("v", 0, 0)], { key: tensor("k", 0, 0), training: false, mask: null }),
    [
      ["q", 0, 0, { key: ["k", 0, 0], training: false }],
      ["v", 0, 0, {}],
    ],
  ],
  [
    "states, which Keras 2 puts behind the inputs, and beside which Keras 3 hands on no mask",
    call([tensor("x", 0, 0)], { initial_state: [tensor("h", 0, 0), tensor("c", 0, 0)] }),
    [
      ["x", 0, 0, { unmasked: true }],
      ["h", 0, 0, {}],
      ["c", 0, 0, {}],
    ],
  ],
  ["all by name", call([], { inputs: tensor("x", 0, 0) }), [["x", 0, 0, {}]]],
  [
    "a dictionary",
    call([{ b: tensor("b", 0, 0), a: tensor("a", 0, 0) }]),
    [
      ["a", 0, 0, {}],
      ["b", 0, 0, {}],
    ],
  ],
  [
    "a number",
    call([tensor("x", 0, 0), 2]),
    [
      ["x", 0, 0, {}],
      ["_CONSTANT_VALUE", -1, 2, {}],
    ],
  ],
])("a call of Keras 3 in the words of Keras 2: %s", (_, node, wanted) => {
  expect(fromKeras({ inbound_nodes: [node] })).toEqual({ inbound_nodes: [wanted] });
});

test("calls of models inside a Keras 3 model are counted from 1, as Keras 2 and tfjs do", () => {
  const model = {
    class_name: "Functional",
    config: {
      layers: [
        layer("InputLayer", "x"),
        layer("Functional", "inner", call([tensor("x", 0, 0)]), call([tensor("inner", 0, 0)])),
        layer("Sequential", "chain", call([tensor("inner", 1, 0)])),
        layer("Dense", "d", call([tensor("chain", 0, 0)])),
      ],
      // Here Keras 3 counts functional models from 1 itself.
      output_layers: [
        ["inner", 2, 0],
        ["chain", 0, 0],
        ["d", 0, 0],
      ],
    },
  };
  const nodes = (...all: unknown[]) => expect.objectContaining({ inbound_nodes: all });
  expect(fromKeras(model)).toMatchObject({
    config: {
      layers: [
        nodes(),
        nodes([["x", 0, 0, {}]], [["inner", 1, 0, {}]]),
        nodes([["inner", 2, 0, {}]]),
        nodes([["chain", 1, 0, {}]]),
      ],
      output_layers: [
        ["inner", 2, 0],
        ["chain", 1, 0],
        ["d", 0, 0],
      ],
    },
  });
});

test("keys and names such as __proto__ and constructor stay entries", () => {
  const json =
    '{"__proto__": {"polluted": 1}, "constructor": [1], "class_name": "toString", "config": {"activation": "valueOf"}}';
  expect(JSON.stringify(fromKeras(JSON.parse(json)))).toBe(json.replaceAll(/(?<=[:,]) /g, ""));
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each<[string, object, string | undefined]>([
  ["Keras 1.2.2", layer("Dense", "d"), "1.2.2"],
  ["the setting nb_filter of Convolution2D", { class_name: "Convolution2D", config: { nb_filter: 3 } }, undefined],
  [
    "the setting output_dim of Dense",
    { class_name: "Sequential", config: [{ class_name: "Dense", config: { output_dim: 3 } }] },
    undefined,
  ],
  ["the layer Merge", { class_name: "Model", config: { layers: [layer("Merge", "m")] } }, undefined],
])("Keras 1 is refused: %s", (got, model, version) => {
  expect(() => refuseKeras1(fromKeras(model), version, "old.h5")).toThrow(
    expect.objectContaining({
      code: "unsupported",
      message: `old.h5: a model that Keras 1 saved (got ${got}, wanted Keras 2 or 3); open it with Keras 2.0 to 2.2, which translates it, and save it again`,
    }),
  );
});

test("Keras 2 and 3 pass, an Embedding's output_dim too", () => {
  const model = { class_name: "Sequential", config: [{ class_name: "Embedding", config: { output_dim: 3 } }] };
  for (const version of [undefined, "2.2.4", "3.15.1"]) refuseKeras1(fromKeras(model), version, "new.h5");
});
