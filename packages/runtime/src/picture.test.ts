import { Tensor } from "onnxruntime-common";
import { describe, expect, test } from "vitest";
import type { ModelInfo } from "./model.ts";
import { pictureInputs, predictions } from "./picture.ts";
import { topK } from "./top-k.ts";

const info: ModelInfo = {
  inputs: [{ name: "input_1", type: "float32", shape: ["N", 3, 1, 2] }],
  outputs: [{ name: "fc", type: "float32", shape: ["N", 3] }],
  labels: ["a", "b", "c"],
  preprocessing: {
    width: 2,
    height: 1,
    channelOrder: "rgb",
    scale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    layout: "nchw",
  },
  metadata: {},
  provider: "cpu",
  skipped: [],
};
const pixels = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255) };
const scores = (...values: number[]) => ({ fc: new Tensor("float32", Float32Array.from(values), [1, values.length]) });

/** The same info with some parts replaced or taken away. */
function infoWith(changes: Partial<Record<keyof ModelInfo, unknown>>): ModelInfo {
  return Object.fromEntries(
    Object.entries({ ...info, ...changes }).filter(([, value]) => value !== undefined),
  ) as never;
}

describe("topK", () => {
  test("best first, ties in the order of the labels", () => {
    expect(topK([0.1, 0.4, 0.1, 0.4], ["a", "b", "c", "d"], 3)).toEqual([
      { label: "b", score: 0.4 },
      { label: "d", score: 0.4 },
      { label: "a", score: 0.1 },
    ]);
  });

  test("without labels, and with k beyond the classes", () => {
    expect(topK([0.2, 0.8], undefined, 9).map(({ label }) => label)).toEqual(["1", "0"]);
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses k = %d", (k) => {
    expect(() => topK([1], undefined, k)).toThrow(expect.objectContaining({ code: "bad-input" }));
  });

  test("refuses labels that don't match", () => {
    expect(() => topK([0.5, 0.5], ["only"], 1)).toThrow("1 labels for 2 scores");
  });
});

describe("pictureInputs", () => {
  test("a batch of one in the model's layout", () => {
    const { input_1 } = pictureInputs(info, pixels);
    expect(input_1?.dims).toEqual([1, 3, 1, 2]);
    expect(input_1?.data).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
  });

  test.each([
    ["no preprocessing", { preprocessing: undefined }, /resonnx\.preprocessing/],
    ["two inputs", { inputs: [...info.inputs, ...info.inputs] }, /2 inputs/],
    ["an int64 input", { inputs: [{ ...info.inputs[0], type: "int64" }] }, /int64, not float32/],
  ])("refuses a model with %s", (_, changes, message) => {
    expect(() => pictureInputs(infoWith(changes), pixels)).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringMatching(message) }),
    );
  });
});

describe("predictions", () => {
  test("probabilities stay as they are", () => {
    const best = predictions(info, scores(0.25, 0.625, 0.125), { topK: 2 });
    expect(best).toEqual([
      { label: "b", score: 0.625 },
      { label: "a", score: 0.25 },
    ]);
  });

  test("logits go through softmax, without overflow", () => {
    const best = predictions(info, scores(1000, 1000 + Math.log(3), -1000));
    expect(best.map(({ label }) => label)).toEqual(["b", "a", "c"]);
    expect(best[0]?.score).toBeCloseTo(0.75, 3);
    expect(best.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
  });

  test.each([
    [0.75, ["no", "yes"], { yes: 0.75, no: 0.25 }],
    [0.25, undefined, { 0: 0.75, 1: 0.25 }],
    [Math.log(3) + 10, ["no", "yes"], { yes: 1 / (1 + Math.exp(-10) / 3), no: 1 - 1 / (1 + Math.exp(-10) / 3) }],
    [0.75, ["hand"], { hand: 0.75 }],
  ])("one score alone, %d, is a sigmoid's", (score, labels, expected) => {
    const one = { fc: new Tensor("float32", Float32Array.of(score), [1, 1]) };
    const best = predictions(infoWith({ labels }), one);
    expect(Object.fromEntries(best.map((each) => [each.label, each.score]))).toEqual(
      Object.fromEntries(Object.entries(expected).map(([label, value]) => [label, expect.closeTo(value, 6)])),
    );
    expect(best.map((each) => each.score)).toEqual(best.map((each) => each.score).sort((a, b) => b - a));
  });

  test("NaN is a failure, not a label", () => {
    expect(() => predictions(info, scores(Number.NaN, 0, 0))).toThrow(expect.objectContaining({ code: "failed" }));
  });

  test("an output that isn't one row of scores is refused", () => {
    const batch = { fc: new Tensor("float32", new Float32Array(6), [2, 3]) };
    expect(() => predictions(info, batch)).toThrow("not [1, classes]");
    const ids = { fc: new Tensor("int64", new BigInt64Array(3), [1, 3]) };
    expect(() => predictions(info, ids)).toThrow("not float32");
  });
});
