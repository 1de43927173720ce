import * as tf from "@tensorflow/tfjs";
import { testLikeTfjs } from "../testing/like-tfjs.ts";

const { layers } = tf;
const first = "channelsFirst" as const;
/** Makes negative numbers, which zeros of a padding would hide among maxima. */
const mixed = (units: number) => layers.dense({ units, name: "d" });

testLikeTfjs({
  MaxPooling1D: [[7, 2], layers.maxPooling1d({ poolSize: 3, strides: 2, name: "m" })],
  "MaxPooling1D same": [[8, 2], mixed(2), layers.maxPooling1d({ poolSize: 3, strides: 2, padding: "same", name: "m" })],
  AveragePooling1D: [[7, 2], layers.averagePooling1d({ poolSize: 2, name: "a" })],
  "AveragePooling1D same": [[7, 2], layers.averagePooling1d({ poolSize: 3, strides: 2, padding: "same", name: "a" })],
  "MaxPooling1D same, unknown length": [
    [null, 2],
    layers.maxPooling1d({ poolSize: 3, strides: 2, padding: "same", name: "m" }),
  ],
  "MaxPooling2D same, unknown height and width": [
    [null, null, 2],
    mixed(2),
    layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same", name: "m" }),
  ],
  "AveragePooling2D same, unknown height and width": [
    [null, null, 2],
    layers.averagePooling2d({ poolSize: 3, strides: 2, padding: "same", name: "a" }),
  ],
  "AveragePooling1D same, unknown length": [
    [null, 2],
    layers.averagePooling1d({ poolSize: 2, strides: 2, padding: "same", name: "a" }),
  ],
  MaxPooling3D: [[4, 5, 4, 2], layers.maxPooling3d({ poolSize: [2, 3, 2], name: "m" })],
  "MaxPooling3D same": [[3, 5, 4, 2], layers.maxPooling3d({ poolSize: 2, strides: 2, padding: "same", name: "m" })],
  "AveragePooling3D same": [
    [3, 5, 4, 2],
    layers.averagePooling3d({ poolSize: 2, strides: 2, padding: "same", name: "a" }),
  ],
  GlobalAveragePooling1D: [[5, 3], layers.globalAveragePooling1d({ name: "g" })],
  GlobalMaxPooling1D: [[5, 3], layers.globalMaxPooling1d({ name: "g" })],
  GlobalMaxPooling2D: [[3, 4, 2], layers.globalMaxPooling2d({ name: "g" })],
  "GlobalMaxPooling2D channels first": [[3, 4, 2], layers.globalMaxPooling2d({ dataFormat: first, name: "g" })],
  "GlobalAveragePooling2D channels first": [[3, 4, 2], layers.globalAveragePooling2d({ dataFormat: first, name: "g" })],
  "GlobalMaxPooling2D, unknown height and width": [[null, null, 2], layers.globalMaxPooling2d({ name: "g" })],
  Cropping2D: [
    [5, 6, 2],
    layers.cropping2D({
      cropping: [
        [1, 2],
        [0, 3],
      ],
      name: "c",
    }),
  ],
  "Cropping2D, unknown height": [
    [null, 6, 2],
    layers.cropping2D({
      cropping: [
        [1, 2],
        [1, 0],
      ],
      name: "c",
    }),
  ],
  "Cropping2D channels first": [
    [2, 5, 6],
    layers.cropping2D({
      cropping: [
        [1, 2],
        [0, 3],
      ],
      dataFormat: first,
      name: "c",
    }),
  ],
  UpSampling2D: [[3, 4, 2], layers.upSampling2d({ size: [2, 3], name: "u" })],
  "UpSampling2D channels first": [[2, 3, 4], layers.upSampling2d({ size: [2, 3], dataFormat: first, name: "u" })],
  "UpSampling2D bilinear": [[3, 4, 2], layers.upSampling2d({ size: [2, 3], interpolation: "bilinear", name: "u" })],
  "UpSampling2D bilinear, unknown sizes": [
    [null, null, 2],
    layers.upSampling2d({ size: [2, 2], interpolation: "bilinear", name: "u" }),
  ],
});
