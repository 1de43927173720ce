import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { resnet50 } from "./resnet50.ts";
import { summary } from "./summary.ts";

test("a row a layer, the layers that it reads, and the totals", () => {
  const text = summary(resnet50());
  const rows = text.split("\n").map((line) => line.trim().split(/\s{2,}/));
  expect(text.split("\n")[0]).toBe('Model: "ResNet50"');
  expect(rows).toContainEqual(["Layer (type)", "Output Shape", "Param #", "Connected to"]);
  expect(rows).toContainEqual(["conv1 (Conv2D)", "(None, 32, 32, 64)", "9472", "zero_padding2d_1[0][0]"]);
  const add = rows.findIndex(([name]) => name === "add_1 (Add)");
  expect(rows[add]).toEqual(["add_1 (Add)", "(None, 15, 15, 256)", "0", "bn2a_branch2c[0][0]"]);
  expect(rows[add + 1]).toEqual(["bn2a_branch1[0][0]"]);
  expect(text).toContain("Total params: 23,600,006\nTrainable params: 23,546,886\nNon-trainable params: 53,120");
});

test("a layer with other callers lists this model's calls only", () => {
  const shared = tf.layers.dense({ name: "shared", units: 2 });
  const [a, b] = [tf.input({ name: "a", shape: [3] }), tf.input({ name: "b", shape: [3] })];
  shared.apply(a);
  const text = summary(tf.model({ name: "m", inputs: b, outputs: shared.apply(b) as tf.SymbolicTensor }));
  expect(text).toMatch(/shared \(Dense\) +\(None, 2\) +8 +b\[0\]\[0\]/);
  expect(text).not.toContain("a[0][0]");
});
