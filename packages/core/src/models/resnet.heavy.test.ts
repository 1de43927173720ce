import { readFileSync } from "node:fs";
import { exportModel } from "@resonnx/export";
import * as tf from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterEach, beforeAll, expect, test } from "vitest";
import { OnnxEngine } from "../platform/node/onnx/onnx-engine.ts";
import type { Depth } from "./architecture.ts";
import { MODEL_NAMES } from "./model-names.ts";
import { networkNamed } from "./network.ts";
import { resnet } from "./resnet.ts";
import { parameters } from "./summary.ts";

beforeAll(() => tf.enableProdMode()); // no banner
afterEach(() => tf.disposeVariables());

interface KerasResNet {
  readonly name: string;
  readonly depth: Depth;
  readonly form: "v1" | "v2";
  readonly parameters: number;
  readonly trainable: number;
  readonly probabilities: readonly number[];
}

/** What keras.applications itself says, asked by `tools/keras_resnets.py`. */
const KERAS: { readonly models: readonly KerasResNet[] } = JSON.parse(
  readFileSync(new URL("testdata/keras-resnets.json", import.meta.url), "utf8"),
);

test.each(KERAS.models)("$name of Keras' applications has as many parameters", ({ depth, form, ...keras }) => {
  const model = resnet({ depth, form });
  expect(model.countParams()).toBe(keras.parameters);
  expect(parameters(model.trainableWeights)).toBe(keras.trainable);
});

/** As `numbers` in `tools/keras_resnets.py`: in [-0.5, 0.5), by name and place. */
function numbers(name: string, count: number): Float64Array {
  let seed = 0;
  for (const character of name) seed = (Math.imul(seed, 31) + character.charCodeAt(0)) | 0;
  return Float64Array.from({ length: count }, (_, i) => {
    let h = (i + seed) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32 - 0.5;
  });
}

/** As `weight` there. */
function weight(name: string, shape: readonly number[]): tf.Tensor {
  const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const kernel = Math.sqrt(24 / fanIn) * (name.endsWith("_3_conv/kernel") ? 0.25 : 1);
  const [mean, scale] = name.endsWith("/kernel") ? [0, kernel] : /gamma|variance/.test(name) ? [1, 0.4] : [0, 0.2];
  const values = numbers(name, fanIn * shape.at(-1)!);
  return tf.tensor(
    Float32Array.from(values, (value) => mean + scale * value),
    [...shape],
  );
}

const compared = KERAS.models.filter(({ depth }) => depth === 50 || process.env.RESONNX_FULL === "1");

test.each(compared)(
  "$name with the same weights gives Keras' probabilities",
  async ({ depth, form, probabilities }) => {
    const model = resnet({ depth, form, inputShape: [64, 64, 3], classes: 10 });
    for (const layer of model.layers) {
      const values = layer.weights.map(({ originalName, shape }) => weight(originalName, shape.map(Number)));
      layer.setWeights(values);
      tf.dispose(values);
    }
    const { bytes } = await exportModel(model);
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
    const picture = Float32Array.from(numbers("picture", 64 * 64 * 3));
    const { predictions } = await session.run({ input_1: new Tensor("float32", picture, [1, 64, 64, 3]) });
    const scores = [...(predictions!.data as Float32Array)];
    expect(Math.max(...scores.map((score, i) => Math.abs(score - probabilities[i]!)))).toBeLessThan(1e-4);
    await session.release();
  },
);

/** Weights of a convolution without a bias and of the scale and shift behind it. */
const convolution = (size: number, from: number, to: number): number => size * size * from * to + 2 * to;

/**
 * Trainable weights at 1000 classes, counted from He et al. 2015, table 1: stem, blocks, head. A shortcut has weights where
 * channels or sizes change. It gives what torchvision's model pages say: 11,689,512 for resnet18, 25,557,032 for resnet50.
 */
function trainableByPaper(blocks: readonly number[], bottleneck: boolean): number {
  let from = 64;
  let sum = convolution(7, 3, 64);
  for (const [stage, count] of blocks.entries()) {
    const inner = 64 * 2 ** stage;
    const to = bottleneck ? 4 * inner : inner;
    for (let block = 0; block < count; block++) {
      sum += bottleneck
        ? convolution(1, from, inner) + convolution(3, inner, inner) + convolution(1, inner, to)
        : convolution(3, from, inner) + convolution(3, inner, to);
      if (from !== to) sum += convolution(1, from, to);
      from = to;
    }
  }
  return sum + from * 1000 + 1000;
}

test.each([
  [18, [2, 2, 2, 2], false],
  [34, [3, 4, 6, 3], false],
  [50, [3, 4, 6, 3], true],
  [101, [3, 4, 23, 3], true],
  [152, [3, 8, 36, 3], true],
] as const)(
  "resnet%i v1.5 has as many trainable parameters as the paper's table gives",
  (depth, blocks, bottleneck) => {
    expect(trainableByPaper([2, 2, 2, 2], false)).toBe(11_689_512);
    expect(trainableByPaper([3, 4, 6, 3], true)).toBe(25_557_032);
    const model = resnet({ depth, form: "v1.5" });
    expect(parameters(model.trainableWeights)).toBe(trainableByPaper(blocks, bottleneck));
  },
);

test.each(MODEL_NAMES.filter((name) => /^(resnet18|resnet18-v2|resnet50-v1.5|resnet50-v2|happyModel)$/.test(name)))(
  "%s trains",
  async (name) => {
    const [width, height, classes] = [40, 24, 3];
    const model = await networkNamed(name)({ width, height, classes, seed: 1, batchNormMomentum: 0.9 });
    const session = await new OnnxEngine("cpu", "test").open({ model, optimizer: "sgd", batchSize: 2 });
    try {
      const inputs = Float32Array.from({ length: 2 * width * height * 3 }, (_, i) => (i % 17) / 17);
      const batch = { inputs, labels: Float32Array.of(1, 0, 0, 0, 1, 0), count: 2 };
      const { predictions } = await session.step(batch, 1e-3);
      expect(predictions).toHaveLength(2 * classes);
      expect(await session.predict(inputs, 2)).toHaveLength(2 * classes);
    } finally {
      await session.dispose();
    }
  },
);
