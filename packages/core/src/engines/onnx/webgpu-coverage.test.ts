import { decode, type LossName, losses, type OptimizerName, optimizers, webgpuReport } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { randomModel } from "../../testing/random-model.ts";
import { tinyDense } from "../../testing/train.ts";
import { forwardPassOf } from "./forward-pass.ts";
import { lowerings } from "./lowerings.ts";
import { type ProgramOptions, programOf } from "./program.ts";

/** What leaves WebGPU, which onnxruntime doesn't tell: of a step that renews weights, and of one that only adds gradients up. */
async function leaving(model: tf.LayersModel, options: ProgramOptions) {
  const program = programOf(await forwardPassOf(model), { ...options, accumulate: 2 }, lowerings.webgpu);
  return (["update", "accumulate"] as const).flatMap((phase) =>
    webgpuReport(decode(program.step({ count: 3, phase, weighted: true }).bytes)),
  );
}

const heads = ["linear", "softmax", "sigmoid"] as const;
const trainings = (Object.keys(losses) as LossName[]).flatMap((loss) => heads.map((head) => ({ loss, head })));
test.each(trainings)("no node of a step for $loss of $head leaves WebGPU", async ({ loss, head }) => {
  expect(await leaving(tinyDense(3, head), { optimizer: "sgd", loss })).toEqual([]);
});

const rules = Object.keys(optimizers) as OptimizerName[];
test.each(rules)("no node of %s leaves WebGPU", async (optimizer) => {
  expect(await leaving(tinyDense(3, "softmax"), { optimizer, clipNorm: 1, ema: 0.99 })).toEqual([]);
});

const seeds = Array.from({ length: 30 }, (_, seed) => seed);
test.each(seeds)("no node of a step of random model %i leaves WebGPU", async (seed) => {
  const { model, loss, story } = randomModel(seed);
  expect(await leaving(model, { optimizer: "sgd", loss }), story).toEqual([]);
});

test("no node of a step of transposed convolutions of volumes leaves WebGPU", async () => {
  const volumes = [
    tf.layers.conv3dTranspose({ inputShape: [2, 3, 2, 2], filters: 3, kernelSize: 2, strides: 2 }),
    tf.layers.conv3dTranspose({ filters: 2, kernelSize: 3, padding: "same", useBias: false }),
  ];
  const model = tf.sequential({ layers: [...volumes, tf.layers.flatten(), tf.layers.dense({ units: 3 })] });
  expect(await leaving(model, { optimizer: "adam", loss: "meanSquaredError" })).toEqual([]);
});
