import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { costOf } from "./flops.ts";
import { resnet } from "./resnet.ts";

beforeAll(() => tf.enableProdMode()); // no banner

/** torchvision's model pages, in billions of multiply-adds. */
test.each([
  [18, 1.81],
  [34, 3.66],
  [50, 4.09],
] as const)("ResNet-%i v1.5 at 224x224 costs what torchvision says: %f", (depth, published) => {
  const { flops, uncounted } = costOf(resnet({ depth, form: "v1.5" }));
  expect(flops / 2e9).toBeCloseTo(published, 2);
  expect(uncounted).toEqual(["BatchNormalization"]);
});

test("models inside count, transposed convolutions by their input", () => {
  const up = tf.layers.conv2dTranspose({ name: "up", filters: 3, kernelSize: 2, strides: 2, inputShape: [4, 4, 5] });
  const inner = tf.sequential({ name: "inner", layers: [up] });
  const x = tf.input({ name: "x", shape: [4, 4, 5] });
  expect(costOf(tf.model({ inputs: x, outputs: inner.apply(x) as tf.SymbolicTensor })).flops).toBe(
    2 * 16 * 2 * 2 * 3 * 5,
  );
});
