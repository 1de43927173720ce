import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, expect, test } from "vitest";
import { OnnxEngine } from "../platform/node/onnx/onnx-engine.ts";
import { MODEL_NAMES, networkNamed } from "./network.ts";
import { resnet } from "./resnet.ts";
import { parameters } from "./summary.ts";

beforeAll(() => tf.enableProdMode()); // no banner
afterEach(() => tf.disposeVariables());

/** All parameters at 224x224x3 with 1000 classes, as keras.applications prints them (Keras 3 documentation). */
const KERAS = [
  [50, "v1", 25_636_712],
  [101, "v1", 44_707_176],
  [152, "v1", 60_419_944],
  [50, "v2", 25_613_800],
  [101, "v2", 44_675_560],
  [152, "v2", 60_380_648],
] as const;

test.each(KERAS)("resnet%i %s has as many parameters as in Keras' applications: %i", (depth, form, count) => {
  expect(resnet({ depth, form }).countParams()).toBe(count);
});

/** What torchvision's model pages say; it doesn't count moving averages, which aren't trained. */
const TORCHVISION = [
  [18, 11_689_512],
  [34, 21_797_672],
  [50, 25_557_032],
  [101, 44_549_160],
  [152, 60_192_808],
] as const;

test.each(TORCHVISION)("resnet%i v1.5 has as many trainable parameters as in torchvision: %i", (depth, count) => {
  expect(parameters(resnet({ depth, form: "v1.5" }).trainableWeights)).toBe(count);
});

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
