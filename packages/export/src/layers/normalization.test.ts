import * as tf from "@tensorflow/tfjs";
import { testLikeTfjs } from "../testing/like-tfjs.ts";

const { layers } = tf;

testLikeTfjs({
  "BatchNormalization behind a convolution, no scale": [
    [5, 5, 2],
    layers.conv2d({ filters: 3, kernelSize: 3, name: "c" }),
    layers.batchNormalization({ scale: false, name: "n" }),
  ],
  "BatchNormalization, no center": [[4, 3], layers.batchNormalization({ center: false, name: "n" })],
  LayerNormalization: [[3, 4], layers.layerNormalization({ name: "n" })],
  "LayerNormalization of two axes": [[3, 4, 2], layers.layerNormalization({ axis: [2, 3], name: "n" })],
  "LayerNormalization of an inner axis": [[3, 4, 2], layers.layerNormalization({ axis: 2, name: "n" })],
  "LayerNormalization, no scale, no center": [
    [3, 4],
    layers.layerNormalization({ scale: false, center: false, epsilon: 0.1, name: "n" }),
  ],
  "LayerNormalization, no center": [[3, 4], layers.layerNormalization({ center: false, name: "n" })],
});
