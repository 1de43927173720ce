import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { artifactsOf, exportModel } from "../index.ts";
import { type PathCase, testLikeTfjs } from "../testing/like-tfjs.ts";
import { chain } from "../testing/tiny.ts";

const { layers } = tf;
const first = "channelsFirst" as const;

testLikeTfjs({
  "Conv1D valid, stride 2": [[9, 3], layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, name: "c" })],
  "Conv1D same, stride 2": [
    [8, 3],
    layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", name: "c" }),
  ],
  "Conv1D same, dilated": [
    [8, 3],
    layers.conv1d({ filters: 4, kernelSize: 3, dilationRate: 2, padding: "same", activation: "relu", name: "c" }),
  ],
  "Conv1D same, stride 3, unknown length": [
    [null, 3],
    layers.conv1d({ filters: 4, kernelSize: 2, strides: 3, padding: "same", name: "c" }),
  ],
  "Conv2D same, stride 2, unknown height and width": [
    [null, null, 3],
    layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", name: "c" }),
  ],
  "Conv2D same, uneven strides, unknown width": [
    [5, null, 2],
    layers.conv2d({ filters: 3, kernelSize: [2, 4], strides: [3, 2], padding: "same", name: "c" }),
  ],
  "two of them, unknown height and width": [
    [null, null, 3],
    layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", activation: "relu", name: "c" }),
    layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: "same", name: "d" }),
  ],
  "Conv2D same, stride 1, unknown sizes": [
    [null, null, 3],
    layers.conv2d({ filters: 4, kernelSize: [3, 2], padding: "same", name: "c" }),
  ],
  "Conv3D valid": [[4, 5, 6, 2], layers.conv3d({ filters: 3, kernelSize: [2, 3, 2], strides: [1, 2, 1], name: "c" })],
  "Conv3D same, stride 2, no bias": [
    [4, 5, 3, 2],
    layers.conv3d({ filters: 3, kernelSize: 3, strides: 2, padding: "same", useBias: false, name: "c" }),
  ],
  "Conv2DTranspose valid": [[3, 4, 2], layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, name: "c" })],
  "Conv2DTranspose same, stride 2": [
    [3, 4, 2],
    layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same", activation: "relu", name: "c" }),
  ],
  "Conv2DTranspose same, kernel smaller than stride": [
    [3, 4, 2],
    layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 3, padding: "same", useBias: false, name: "c" }),
  ],
  "Conv2DTranspose valid, kernel smaller than stride": [
    [3, 4, 2],
    layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 3, name: "c" }),
  ],
  "Conv2DTranspose same, even kernel, uneven strides": [
    [3, 4, 2],
    layers.conv2dTranspose({ filters: 3, kernelSize: [4, 5], strides: [2, 3], padding: "same", name: "c" }),
  ],
  "Conv2DTranspose channels first": [
    [2, 3, 4],
    layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same", dataFormat: first, name: "c" }),
  ],
  "Conv2DTranspose, unknown height and width": [
    [null, null, 2],
    layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same", name: "c" }),
  ],
  "Conv3DTranspose valid": [
    [2, 3, 2, 2],
    layers.conv3dTranspose({ filters: 3, kernelSize: [2, 3, 2], strides: [1, 2, 2], name: "c" }),
  ],
  "Conv3DTranspose same": [
    [2, 3, 2, 2],
    layers.conv3dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same", name: "c" }),
  ],
  "DepthwiseConv2D valid": [[5, 6, 3], layers.depthwiseConv2d({ kernelSize: [3, 2], name: "c" })],
  "DepthwiseConv2D same, multiplied, stride 2": [
    [6, 6, 3],
    layers.depthwiseConv2d({
      kernelSize: 3,
      strides: 2,
      depthMultiplier: 2,
      padding: "same",
      activation: "relu6",
      name: "c",
    }),
  ],
  "DepthwiseConv2D channels first, no bias": [
    [3, 6, 5],
    layers.depthwiseConv2d({ kernelSize: 3, padding: "same", useBias: false, dataFormat: first, name: "c" }),
  ],
  "DepthwiseConv2D same, stride 2, unknown sizes": [
    [null, null, 3],
    layers.depthwiseConv2d({ kernelSize: 3, strides: [2, 2], padding: "same", name: "c" }),
  ],
  "SeparableConv2D valid, multiplied": [
    [5, 6, 3],
    layers.separableConv2d({ filters: 4, kernelSize: 3, depthMultiplier: 2, name: "c" }),
  ],
  "SeparableConv2D same, stride 2, no bias": [
    [6, 7, 3],
    layers.separableConv2d({
      filters: 4,
      kernelSize: 3,
      strides: 2,
      padding: "same",
      useBias: false,
      activation: "tanh",
      name: "c",
    }),
  ],
  "SeparableConv2D dilated": [
    [7, 7, 2],
    layers.separableConv2d({ filters: 3, kernelSize: 3, dilationRate: 2, padding: "same", name: "c" }),
  ],
} satisfies Record<string, PathCase>);

test("a channel moves no transposes between convolutions", async () => {
  const model = chain(
    [8, 8, 3],
    layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", activation: "relu", name: "a" }),
    layers.depthwiseConv2d({ kernelSize: 3, activation: "relu6", name: "b" }),
    layers.upSampling2d({ size: [2, 2], name: "u" }),
    layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, name: "c" }),
  );
  const { report } = await exportModel(await artifactsOf(model));
  expect(report.ops).toEqual({ Transpose: 2, Conv: 2, Relu: 1, Clip: 1, Resize: 1, ConvTranspose: 1 });
});
