import { artifactsOf } from "@resonnx/export";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { sharedArtifacts } from "./shared-artifacts.ts";

test("what saving the model gives, without a copy of its weights", async () => {
  const model = tf.sequential({ name: "net" });
  model.add(tf.layers.conv2d({ filters: 3, kernelSize: 2, inputShape: [4, 4, 2], name: "conv" }));
  model.add(tf.layers.batchNormalization({ name: "norm" }));
  model.add(tf.layers.flatten({ name: "flat" }));
  model.add(tf.layers.dense({ units: 2, name: "head" }));
  const saved = await artifactsOf(model);
  const shared = await sharedArtifacts(model);
  expect(JSON.parse(JSON.stringify(shared.modelTopology))).toEqual(JSON.parse(JSON.stringify(saved.modelTopology)));
  expect(shared.weightSpecs).toEqual(saved.weightSpecs);
  const bytes = (data: tf.io.WeightData | undefined) => new Uint8Array(tf.io.CompositeArrayBuffer.join(data));
  expect(bytes(shared.weightData)).toEqual(bytes(saved.weightData));
  const [kernel] = shared.weightData as ArrayBuffer[];
  expect(kernel).toBe((model.getWeights()[0]!.dataSync() as Float32Array).buffer);
});
