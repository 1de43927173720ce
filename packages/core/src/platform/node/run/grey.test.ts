import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readMetadata, toTensor } from "@resonnx/base";
import * as tf from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { pixelsOf } from "../../../data/rgb.ts";
import { testFolder } from "../../../testing/folder.ts";
import { tinyDataset } from "../../../testing/tiny.ts";
import { runTraining } from "./run-training.ts";

const greyNet = (classes: number): tf.LayersModel => {
  const input = tf.input({ shape: [8, 8, 1], name: "x" });
  let x = tf.layers.conv2d({ name: "conv", filters: 6, kernelSize: 3, activation: "relu" }).apply(input);
  x = tf.layers.flatten({ name: "flatten" }).apply(x);
  x = tf.layers.dense({ name: "fc", units: classes, activation: "softmax" }).apply(x);
  return tf.model({ inputs: input, outputs: x as tf.SymbolicTensor, name: "grey" });
};

const common = {
  data: "tiny",
  dataset: tinyDataset(),
  engine: "onnx",
  device: "cpu",
  epochs: 1,
  batchSize: 8,
} as const;

test("a network of one channel learns from grey pictures; its file prepares them as training did", async () => {
  const out = join(testFolder(), "run");
  const options = { ...common, model: "grey", out, channels: 1, epochs: 12, learningRate: 0.01 } as const;
  const run = await runTraining({ ...options, build: ({ classes }) => greyNet(classes) });
  expect(run.evaluation.accuracy).toBeGreaterThan(0.9);

  const bytes = readFileSync(join(out, "model.onnx"));
  const { preprocessing, labels } = readMetadata(bytes);
  expect(preprocessing).toMatchObject({ channelOrder: "gray", mean: [0], std: [1], width: 8, height: 8 });
  const { test: split } = common.dataset.splits;
  const rgb = await split.read([...split.names.keys()]);
  const session = await InferenceSession.create(bytes);
  const confusion = labels!.map(() => labels!.map(() => 0));
  for (const [i, truth] of split.labels.entries()) {
    const pixels = pixelsOf(rgb.subarray(i * 192, (i + 1) * 192), 8, 8);
    const x = new Tensor("float32", toTensor(pixels, preprocessing!), [1, 8, 8, 1]);
    const { fc } = await session.run({ x });
    const scores = [...(fc!.data as Float32Array)];
    confusion[truth]![scores.indexOf(Math.max(...scores))]! += 1;
  }
  expect(confusion).toEqual(run.evaluation.confusion);
  await session.release();
});

test("a network and pictures of other channels are refused", async () => {
  const out = join(testFolder(), "run");
  const options = { ...common, model: "grey", out, build: ({ classes }: { classes: number }) => greyNet(classes) };
  await expect(runTraining(options)).rejects.toThrow("wanted [null,8,8,3] -> [null,3]");
  const two = { ...options, channels: 2 as 1 }; // what plain JavaScript may pass
  await expect(runTraining(two)).rejects.toThrow("--channels: can't be used (got 2, wanted 1 or 3)");
});
