import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { artifactsOf, forward } from "../index.ts";
import { expectClose, runGraph } from "../testing/onnxruntime.ts";
import { chain } from "../testing/tiny.ts";

const { layers } = tf;

/** One step is all ones, one all zeros, one holds a single zero. */
const steps = tf.tensor3d([
  [
    [1, 1],
    [0.5, -2],
    [0, 0],
    [0, 3],
  ],
]);

test.each([0, 1])("Masking: steps of %s alone become zeros", async (maskValue) => {
  const model = chain([4, 2], layers.masking({ maskValue, name: "m" }));
  const { graph } = forward(await artifactsOf(model), { training: false, weights: "constants" });
  expectClose((await runGraph(graph, { input_1: steps })).m, model.predict(steps) as tf.Tensor);
});

test.each([[[3]], [[2, 2]]])("Embedding of indices [batch,%s], float32 and int32", async (shape) => {
  const model = chain(shape, layers.embedding({ inputDim: 5, outputDim: 3, name: "e" }));
  const indices = tf.tensor([4, 0, 1, 2, 3, 3, 0, 4].slice(0, 2 * shape.reduce((a, dim) => a * dim)), [2, ...shape]);
  const artifacts = await artifactsOf(model);
  const { graph } = forward(artifacts, { training: false, weights: "constants" });
  expectClose((await runGraph(graph, { input_1: indices })).e, model.predict(indices) as tf.Tensor);
  const modelTopology = JSON.parse(JSON.stringify(artifacts.modelTopology));
  modelTopology.config.layers[0].config.dtype = "int32";
  const other = forward({ ...artifacts, modelTopology }, { training: false, weights: "constants" });
  expect(other.graph.inputs[0]!.type.dtype).toBe("int32");
  expectClose((await runGraph(other.graph, { input_1: indices.toInt() })).e, model.predict(indices) as tf.Tensor);
});
