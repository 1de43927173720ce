// ResNet50 (64x64) on hand-signs from the same weights, on the onnx engine and on tfjs-node with tfjs' own optimizer: losses side by side.
//   node bench/same-losses.mjs FOLDER [--steps 20] [--batch 32] [--optimizer adam] [--rate 0.001]   FOLDER: see tfjs-node.mjs
// A third run is tfjs-node without oneDNN, which adds in another order: how far rounding alone leads. Ends with 1 where our
// losses differ from tfjs-node's by more than 1e-4 of them and by more than tfjs-node's own two.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { openDataset, resnet50 } from "../dist/index.js";
import { OnnxEngine } from "../dist/platform/node/onnx/onnx-engine.js";
import { Batches } from "../dist/train/batches.js";
import { recipes } from "../dist/train/recipe.js";
import { useTfjsNode } from "./tfjs-node.mjs";

const TOLERANCE = 1e-4;
const SIDE = 64;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: "string", default: "20" },
    batch: { type: "string", default: "32" },
    optimizer: { type: "string", default: "adam" },
    rate: { type: "string", default: "0.001" },
    engine: { type: "string" },
  },
});
const [steps, batchSize, rate] = [values.steps, values.batch, values.rate].map(Number);
const [folder = "."] = positionals;

/** Each makes `batch -> loss` of a model in training. */
const engines = {
  onnx: async (model) => {
    const session = await new OnnxEngine("cpu", "bench").open({ model, optimizer: values.optimizer, batchSize });
    return async (batch) => (await session.step(batch, rate)).loss;
  },
  "tfjs-node": async (model) => {
    const optimizer = values.optimizer === "momentum" ? tf.train.momentum(rate, 0.9) : tf.train[values.optimizer](rate);
    model.compile({ optimizer, loss: "categoricalCrossentropy" });
    return ({ inputs, labels, count }) =>
      model.trainOnBatch(tf.tensor(inputs, [count, SIDE, SIDE, 3]), tf.tensor(labels, [count, 6]));
  },
};

async function lossesOn(engine) {
  if (engine !== "onnx") await useTfjsNode(folder);
  const size = { width: SIDE, height: SIDE };
  const { splits } = await openDataset("hand-signs", size);
  const batches = new Batches({ split: splits.train, size, classes: 6, batchSize, seed: 1, recipe: recipes.tutorial });
  const step = await engines[engine](resnet50({ seed: 1 }));
  const losses = [];
  for (let k = 0; k < steps; k++)
    losses.push(await step((await batches.at(Math.floor(k / batches.steps), k % batches.steps)).batch));
  return losses;
}

/** In a process of its own: oneDNN is chosen when TensorFlow starts. */
async function lossesOf(engine, env = {}) {
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2), "--engine", engine];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

if (values.engine) {
  console.log(JSON.stringify(await lossesOn(values.engine)));
  process.exit();
}
const ours = await lossesOf("onnx");
const theirs = await lossesOf("tfjs-node");
const plain = await lossesOf("tfjs-node", { TF_ENABLE_ONEDNN_OPTS: "0" });
const apart = (other) => other.map((loss, k) => Math.abs(loss - theirs[k]) / theirs[k]);
const [we, they] = [apart(ours), apart(plain)];
console.log(
  "| step | onnx | tfjs-node | without oneDNN | onnx off by | without oneDNN off by |\n|---|---|---|---|---|---|",
);
for (const [k, loss] of theirs.entries()) {
  const cells = [ours[k], loss, plain[k]].map((each) => each.toFixed(6));
  console.log(`| ${[k + 1, ...cells, we[k].toExponential(1), they[k].toExponential(1)].join(" | ")} |`);
}
process.exitCode = Math.max(...we) <= Math.max(TOLERANCE, ...they) ? 0 : 1;
