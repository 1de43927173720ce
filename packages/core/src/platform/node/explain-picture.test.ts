import { writeMetadata } from "@resonnx/base";
import { exportModel } from "@resonnx/export";
import * as tf from "@tensorflow/tfjs";
import sharp from "sharp";
import { expect, test } from "vitest";
import { explainPicture } from "./explain-picture.ts";

const preprocessing = {
  width: 8,
  height: 8,
  channelOrder: "rgb",
  scale: 1 / 255,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  layout: "nhwc",
} as const;

/** Class 0 is how much red there is, class 1 how much blue: a convolution that passes them on, and their means. */
function redOrBlue(): tf.LayersModel {
  const input = tf.input({ shape: [8, 8, 3], name: "x" });
  let x = tf.layers.conv2d({ name: "conv", filters: 2, kernelSize: 1, activation: "relu" }).apply(input);
  x = tf.layers.globalAveragePooling2d({ name: "mean" }).apply(x);
  x = tf.layers.dense({ name: "fc", units: 2, activation: "softmax" }).apply(x);
  const model = tf.model({ inputs: input, outputs: x as tf.SymbolicTensor });
  const kernel = tf.tensor4d([1, 0, 0, 0, 0, 1], [1, 1, 3, 2]);
  model.setWeights([kernel, tf.zeros([2]), tf.eye(2), tf.zeros([2])]);
  return model;
}

test("a picture of another size than the model's, yellow where the class is and grey elsewhere", async () => {
  const [width, height] = [32, 16];
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    const left = i % width < width / 2;
    data.set(left ? [255, 0, 0] : [0, 0, 255], i * 4);
  }
  const { bytes } = await exportModel(redOrBlue(), { metadata: { preprocessing } });
  for (const [wanted, bright, dark] of [
    [0, 2, 29],
    [1, 29, 2],
  ] as const) {
    const png = await explainPicture(bytes, { width, height, data }, wanted);
    const { data: rgb, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([width, height, 3]);
    const pixel = (x: number) => [...rgb.subarray((8 * width + x) * 3, (8 * width + x) * 3 + 3)];
    const [red, green, blue] = pixel(bright);
    expect(Math.min(red!, green!)).toBeGreaterThan(160); // yellow
    expect(blue).toBeLessThan(60);
    expect(new Set(pixel(dark)).size).toBe(1); // grey
  }
});

test("a file that doesn't say how pictures are prepared, or has no convolution, is refused", async () => {
  const { bytes } = await exportModel(redOrBlue());
  const pixels = { width: 8, height: 8, data: new Uint8Array(256) };
  await expect(explainPicture(bytes, pixels, 0)).rejects.toThrow("doesn't say how pictures are prepared");
  const input = tf.input({ shape: [8, 8, 3], name: "x" });
  const flat = tf.layers.flatten({ name: "flat" }).apply(input);
  const y = tf.layers.dense({ name: "fc", units: 2 }).apply(flat) as tf.SymbolicTensor;
  const plain = (await exportModel(tf.model({ inputs: input, outputs: y }))).bytes;
  const described = writeMetadata(plain, { preprocessing });
  await expect(explainPicture(described, pixels, 0)).rejects.toMatchObject({ code: "unsupported" });
});
