// ResNet50 (64x64) on hand-signs from the same weights, on the onnx engine and on tfjs-node with tfjs' own optimizer: losses side by side.
//   node bench/same-losses.mjs FOLDER [--steps 20] [--batch 32] [--optimizer adam] [--rate 0.001] [--warm 0]   FOLDER: see tfjs-node.mjs
// --warm N: begins with the weights after N steps of Adam on the onnx engine. A third run is tfjs-node without oneDNN,
// which adds in another order: how far rounding alone leads. A fourth, on the onnx engine, doesn't train: what the steps
// do to the losses at all. Ends with 1 where our losses differ from tfjs-node's by more than 1e-4 of them and by more than
// four times what tfjs-node's own two do.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { openDataset, resnet50 } from "../dist/index.js";
import { OnnxEngine } from "../dist/platform/node/onnx/onnx-engine.js";
import { Batches } from "../dist/train/batches.js";
import { recipes } from "../dist/train/recipe.js";
import { useTfjsNode } from "./tfjs-node.mjs";

const TOLERANCE = 1e-4;
/** Of two courses that both are rounding's. */
const LEEWAY = 4;
const WARM_RATE = 1e-3;
const SIDE = 64;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: "string", default: "20" },
    batch: { type: "string", default: "32" },
    optimizer: { type: "string", default: "adam" },
    rate: { type: "string", default: "0.001" },
    warm: { type: "string", default: "0" },
    engine: { type: "string" },
    weights: { type: "string" },
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

async function batchesOf() {
  const size = { width: SIDE, height: SIDE };
  const { splits } = await openDataset("hand-signs", size);
  const batches = new Batches({ split: splits.train, size, classes: 6, batchSize, seed: 1, recipe: recipes.tutorial });
  return async (k) => (await batches.at(Math.floor(k / batches.steps), k % batches.steps)).batch;
}

/** The weights after `--warm` steps, behind each other. */
async function writeWeights(file) {
  const [model, batchOf] = [resnet50({ seed: 1 }), await batchesOf()];
  const session = await new OnnxEngine("cpu", "bench").open({ model, optimizer: "adam", batchSize });
  for (let k = 0; k < Number(values.warm); k++) await session.step(await batchOf(k), WARM_RATE);
  const { arrays } = await session.state();
  await session.dispose();
  writeFileSync(
    file,
    Buffer.concat(model.weights.map(({ originalName }) => Buffer.from(arrays[originalName].data.buffer))),
  );
}

function readWeights(model, file) {
  const numbers = new Float32Array(new Uint8Array(readFileSync(file)).buffer);
  let at = 0;
  const weights = model.weights.map(({ shape }) => {
    const size = shape.reduce((a, dim) => a * dim, 1);
    at += size;
    return tf.tensor(numbers.slice(at - size, at), shape);
  });
  model.setWeights(weights);
}

async function lossesOn(engine) {
  if (engine !== "onnx") await useTfjsNode(folder);
  const [model, batchOf] = [resnet50({ seed: 1 }), await batchesOf()];
  readWeights(model, values.weights);
  const step = await engines[engine](model);
  const losses = [];
  for (let k = 0; k < steps; k++) losses.push(await step(await batchOf(Number(values.warm) + k)));
  return losses;
}

/** In a process of its own: oneDNN is chosen when TensorFlow starts. */
async function lossesOf(engine, weights, { env = {}, more = [] } = {}) {
  const given = [...process.argv.slice(2), ...more];
  const args = [fileURLToPath(import.meta.url), ...given, "--engine", engine, "--weights", weights];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

if (values.engine) {
  console.log(JSON.stringify(await lossesOn(values.engine)));
  process.exit();
}
const place = mkdtempSync(join(tmpdir(), "resonnx-bench-"));
const weights = join(place, "weights");
await writeWeights(weights);
const ours = await lossesOf("onnx", weights);
const theirs = await lossesOf("tfjs-node", weights);
const plain = await lossesOf("tfjs-node", weights, { env: { TF_ENABLE_ONEDNN_OPTS: "0" } });
const still = await lossesOf("onnx", weights, { more: ["--rate", "0"] });
rmSync(place, { recursive: true });
const apart = (other) => other.map((loss, k) => Math.abs(loss - theirs[k]) / theirs[k]);
const [we, they, moved] = [ours, plain, still].map(apart);
console.log(
  "| step | onnx | tfjs-node | without oneDNN | onnx off by | without oneDNN off by | without training off by |\n" +
    "|---|---|---|---|---|---|---|",
);
for (const [k, loss] of theirs.entries()) {
  const losses = [ours[k], loss, plain[k]].map((each) => each.toFixed(6));
  const differences = [we[k], they[k], moved[k]].map((each) => each.toExponential(1));
  console.log(`| ${[k + 1, ...losses, ...differences].join(" | ")} |`);
}
process.exitCode = Math.max(...we) <= Math.max(TOLERANCE, LEEWAY * Math.max(...they)) ? 0 : 1;
