import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { artifactsOf, exportModel } from "../index.ts";
import { expectClose, runOnnx } from "../testing/onnxruntime.ts";
import { randomTensor } from "../testing/tiny.ts";

const { layers } = tf;
type Case = readonly [merge: tf.layers.Layer, ...shapes: readonly number[][]];

const kinds = {
  Add: (name: string) => layers.add({ name }),
  Multiply: (name: string) => layers.multiply({ name }),
  Average: (name: string) => layers.average({ name }),
  Maximum: (name: string) => layers.maximum({ name }),
  Minimum: (name: string) => layers.minimum({ name }),
};

const cases: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    Object.entries(kinds).flatMap(([name, make]): [string, Case][] => [
      [`${name} of two`, [make("m"), [3, 4], [3, 4]]],
      [`${name} of three, one stretched`, [make("m"), [3, 4], [1, 4], [3, 4]]],
      [`${name} of different ranks`, [make("m"), [3, 2, 4], [4]]],
    ]),
  ),
  Concatenate: [layers.concatenate({ name: "m" }), [3, 4], [3, 2]],
  "Concatenate along time": [layers.concatenate({ axis: 1, name: "m" }), [3, 4], [2, 4], [1, 4]],
  "Dot of vectors": [layers.dot({ axes: 1, name: "m" }), [4], [4]],
  "Dot, normalized": [layers.dot({ axes: -1, normalize: true, name: "m" }), [4], [4]],
  "Dot of matrices": [layers.dot({ axes: 2, name: "m" }), [3, 4], [2, 4]],
  "Dot of matrices, inner axes": [layers.dot({ axes: 1, name: "m" }), [3, 4], [3, 2]],
  "Dot, an axis each": [layers.dot({ axes: [2, 1], name: "m" }), [3, 4], [4, 2]],
  "Dot of a matrix and a vector": [layers.dot({ axes: [2, 1], name: "m" }), [3, 4], [4]],
};

describe("onnxruntime gives what tfjs predicts", () => {
  test.each(Object.entries(cases))("%s", async (_name, [merge, ...shapes]) => {
    const inputs = shapes.map((shape, i) => tf.input({ shape: [...shape], name: `input_${i + 1}` }));
    const model = tf.model({ inputs, outputs: merge.apply(inputs) as tf.SymbolicTensor });
    const feeds = shapes.map((shape, i) => randomTensor([2, ...shape], i + 1));
    const { bytes } = await exportModel(await artifactsOf(model));
    expectClose((await runOnnx(bytes, feeds)).m, model.predict(feeds) as tf.Tensor);
  });
});

test("masks are joined along time as the values are", async () => {
  const inputs = [1, 2].map((i) => tf.input({ shape: [3, 2], name: `input_${i}` }));
  const masked = inputs.map((input, i) => layers.masking({ name: `mask_${i}` }).apply(input) as tf.SymbolicTensor);
  const joined = layers.concatenate({ axis: 1, name: "m" }).apply(masked) as tf.SymbolicTensor;
  const model = tf.model({ inputs, outputs: layers.lstm({ units: 2, name: "l" }).apply(joined) as tf.SymbolicTensor });
  const zeros = tf.tensor3d([1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1], [2, 6, 1]);
  const feeds = [1, 2].map((seed) => randomTensor([2, 3, 2], seed).mul(zeros.slice([0, 3 * (seed - 1), 0], [2, 3, 1])));
  const { bytes } = await exportModel(await artifactsOf(model));
  expectClose((await runOnnx(bytes, feeds)).l, model.predict(feeds) as tf.Tensor);
});

test("Subtract, which Keras alone has", async () => {
  const inputs = [1, 2].map((i) => tf.input({ shape: [3], name: `input_${i}` }));
  const model = tf.model({ inputs, outputs: layers.add({ name: "m" }).apply(inputs) as tf.SymbolicTensor });
  const artifacts = await artifactsOf(model);
  const modelTopology = JSON.parse(JSON.stringify(artifacts.modelTopology).replace('"Add"', '"Subtract"'));
  const [a, b] = [randomTensor([2, 3], 1), randomTensor([2, 3], 2)];
  expectClose((await runOnnx((await exportModel({ ...artifacts, modelTopology })).bytes, [a, b])).m, a.sub(b));
});

test("an Add of one input is refused", async () => {
  const inputs = [1, 2].map((i) => tf.input({ shape: [3], name: `input_${i}` }));
  const model = tf.model({ inputs, outputs: layers.add({ name: "m" }).apply(inputs) as tf.SymbolicTensor });
  const artifacts = await artifactsOf(model);
  const text = JSON.stringify(artifacts.modelTopology);
  const broken = JSON.parse(text.replace('[["input_1",0,0,{}],["input_2",0,0,{}]]', '[["input_1",0,0,{}]]'));
  await expect(exportModel({ ...artifacts, modelTopology: broken })).rejects.toThrow(/number of inputs.*1.*2 or more/);
});

describe("CategoryEncoding", () => {
  test.each(["multiHot", "oneHot", "count"] as const)("%s", async (outputMode) => {
    const shape = outputMode === "oneHot" ? [1] : [3];
    const input = tf.input({ shape, dtype: "int32", name: "input_1" });
    const layer = layers.categoryEncoding({ numTokens: 5, outputMode, name: "c" });
    const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
    const x =
      outputMode === "oneHot"
        ? tf.tensor2d([[0], [4]], [2, 1], "int32")
        : tf.tensor2d(
            [
              [0, 2, 2],
              [1, 4, 0],
            ],
            [2, 3],
            "int32",
          );
    const { bytes } = await exportModel(await artifactsOf(model));
    expectClose((await runOnnx(bytes, [x])).c, layer.apply(x) as tf.Tensor); // its model refuses x, see source/dialect.ts
  });
});
