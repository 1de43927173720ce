import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { artifactsOf, exportModel } from "../index.ts";
import { testLikeTfjs } from "../testing/like-tfjs.ts";
import { expectClose, runOnnx } from "../testing/onnxruntime.ts";
import { chain, randomTensor } from "../testing/tiny.ts";

const { layers } = tf;

testLikeTfjs({
  Permute: [[2, 3, 4], layers.permute({ dims: [3, 1, 2], name: "p" })],
  "Permute of an unknown length": [[null, 3], layers.permute({ dims: [2, 1], name: "p" })],
  RepeatVector: [[3], layers.repeatVector({ n: 4, name: "r" })],
  "Reshape, unknown length": [[null, 4], layers.reshape({ targetShape: [-1, 2], name: "r" })],
  "Reshape to more axes": [[12], layers.reshape({ targetShape: [2, 3, 2], name: "r" })],
  "Dense over the last of four axes": [[2, 3, 4], layers.dense({ units: 5, activation: "relu", name: "d" })],
  Rescaling: [[3, 4], layers.rescaling({ scale: 1 / 127.5, offset: -1, name: "r" })],
  "Rescaling without an offset": [[3, 4], layers.rescaling({ scale: 2, name: "r" })],
});

// A live CenterCrop changes the shape of its model's input, which `predict` then refuses: the layer is called by itself.
test.each([
  ["a crop", [8, 9, 2]],
  ["of a small picture, stretched", [3, 8, 2]],
])("CenterCrop: %s", async (_name, shape) => {
  const layer = layers.centerCrop({ height: 4, width: 5, name: "c" });
  const artifacts = await artifactsOf(chain(shape, layer));
  const text = JSON.stringify(artifacts.modelTopology).replace("[null,4,5,2]", JSON.stringify([null, ...shape]));
  const { bytes } = await exportModel({ ...artifacts, modelTopology: JSON.parse(text) });
  const x = randomTensor([2, ...shape]);
  expectClose((await runOnnx(bytes, [x])).c, layer.apply(x) as tf.Tensor);
});

test("Resizing keeps an unknown batch, and takes pictures of unknown size", async () => {
  const input = { class_name: "InputLayer", config: { batch_input_shape: [null, null, null, 2], name: "x" } };
  const resizing = { class_name: "Resizing", config: { name: "r", height: 6, width: 9 } };
  const modelTopology = { class_name: "Sequential", config: { name: "m", layers: [input, resizing] } };
  const { bytes } = await exportModel({ modelTopology });
  for (const size of [3, 5]) {
    const x = randomTensor([2, size, 4, 2]);
    const wanted = tf.image.resizeBilinear(x as tf.Tensor4D, [6, 9], false, true);
    expectClose((await runOnnx(bytes, [x])).r, wanted);
  }
});

test("a crop that depends on an unknown size is refused", async () => {
  const input = { class_name: "InputLayer", config: { batch_input_shape: [null, null, 4, 2], name: "x" } };
  const crop = { class_name: "CenterCrop", config: { name: "c", height: 6, width: 9 } };
  const modelTopology = { class_name: "Sequential", config: { name: "m", layers: [input, crop] } };
  await expect(exportModel({ modelTopology })).rejects.toMatchObject({ code: "unsupported" });
});

test("a Permute that is no order of the axes is refused", async () => {
  const artifacts = await artifactsOf(chain([2, 3], layers.permute({ dims: [2, 1], name: "p" })));
  const broken = JSON.parse(JSON.stringify(artifacts.modelTopology).replace('"dims":[2,1]', '"dims":[2,2]'));
  await expect(exportModel({ ...artifacts, modelTopology: broken })).rejects.toThrow(/"dims".*\[2,2\]/);
});
