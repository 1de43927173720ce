import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ModelMetadata } from "@resonnx/base";
import { artifactsOf, exportModel, writeArtifacts } from "@resonnx/export";
import { writeKerasH5 } from "@resonnx/keras";
import * as tf from "@tensorflow/tfjs";

tf.enableProdMode(); // no banner

const base64 = (text: string) => Buffer.from(text, "base64");

/** 4x4 PNGs of rgb(220, 30, 40), rgb(30, 200, 60) and rgb(20, 60, 210), written by sharp 0.35. */
export const pictures = {
  red: base64(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQImWO4I6cBRwzEcQDiwxIhnkButgAAAABJRU5ErkJggg==",
  ),
  green: base64(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQImWOQO2EDRwzEcQDVoxIhFetQGgAAAABJRU5ErkJggg==",
  ),
  blue: base64(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQImWMQsbkERwzEcQDLoxIh2PfApwAAAABJRU5ErkJggg==",
  ),
};

export const metadata: ModelMetadata = {
  labels: ["red", "green", "blue"],
  preprocessing: {
    width: 4,
    height: 4,
    channelOrder: "rgb",
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    layout: "nhwc",
  },
};

/** softmax(sharpness * mean colour): which of red, green and blue a picture has most of. */
export function coloursModel(sharpness = 4): tf.LayersModel {
  const input = tf.input({ shape: [4, 4, 3], name: "picture" });
  const mean = tf.layers.globalAveragePooling2d({ name: "mean", dataFormat: "channelsLast" }).apply(input);
  const scores = tf.layers.dense({ units: 3, useBias: false, activation: "softmax", name: "colour" }).apply(mean);
  const model = tf.model({ inputs: input, outputs: scores as tf.SymbolicTensor, name: "colours" });
  model.setWeights([tf.eye(3).mul(sharpness)]);
  return model;
}

/** What `coloursModel` says about one of the pictures, computed here. */
export function expectedScores([red, green, blue]: readonly [number, number, number], sharpness = 4): number[] {
  const powers = [red, green, blue].map((value) => Math.exp((sharpness * value) / 255));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** Files and folders by path; every folder is made. */
export async function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** The model in every form that commands take: `run/` (a run folder), `colours.h5`, and `plain.onnx` without metadata. */
export async function writeModels(folder: string): Promise<void> {
  const artifacts = await artifactsOf(coloursModel());
  await writeFiles(folder, {
    "run/model.onnx": (await exportModel(artifacts, { metadata })).bytes,
    "plain.onnx": (await exportModel(artifacts)).bytes,
    "colours.h5": await writeKerasH5(artifacts),
  });
  await writeArtifacts(join(folder, "run/tfjs"), artifacts);
}

/** Four test pictures, of which one blue one lies among the green. */
export const labelledPictures = {
  "data/test/red/a.png": pictures.red,
  "data/test/green/a.png": pictures.green,
  "data/test/green/b.png": pictures.blue,
  "data/test/blue/a.png": pictures.blue,
};
