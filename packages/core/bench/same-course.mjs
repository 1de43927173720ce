// One training in Keras and here, from what Keras has come to after some epochs, its optimizer's state with it: losses side by side.
//   node bench/same-course.mjs [--warm 20] [--epochs 4] [--rate 0.001] [--seed 7] [--python python3]
//     [--data ../../../shared/data/signs_64] [--peers ../../../shared/tools/peers]
// Batches are the same ones in the same order, by recipe `tutorial`. Prints mean losses, and the largest relative difference
// of a step's losses, at first and in all. Keras takes ten seconds an epoch or more.
import { execFile } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { readKeras, readKerasTraining } from "@resonnx/keras";
import * as tf from "@tensorflow/tfjs";
import { openDataset } from "../dist/index.js";
import { OnnxEngine } from "../dist/platform/node/onnx/onnx-engine.js";
import { fromKerasTraining } from "../dist/platform/node/run/keras-compile.js";
import { Batches } from "../dist/train/batches.js";
import { recipes } from "../dist/train/recipe.js";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const fromCaller = (path) => resolve(process.env.INIT_CWD ?? ".", path);
const { values } = parseArgs({
  options: {
    warm: { type: "string", default: "20" },
    epochs: { type: "string", default: "4" },
    rate: { type: "string", default: "0.001" },
    seed: { type: "string", default: "7" },
    python: { type: "string", default: "python3" },
    data: { type: "string", default: here("../../../../shared/data/signs_64") },
    peers: { type: "string", default: here("../../../../shared/tools/peers") },
  },
});
const [warm, epochs, rate, seed] = [values.warm, values.epochs, values.rate, values.seed].map(Number);
const SIDE = 64;
const BATCH = 32;
const size = { width: SIDE, height: SIDE };

const { splits, labels } = await openDataset(fromCaller(values.data), size);
const classes = labels.length;
const recipe = recipes.tutorial;
const batches = new Batches({ split: splits.train, size, classes, batchSize: BATCH, seed, recipe });
const batchOf = async (k) => (await batches.at(Math.floor(k / batches.steps), k % batches.steps)).batch;
const [begin, end] = [warm * batches.steps, (warm + epochs) * batches.steps];

/** All batches behind each other, as bytes: without augmentation they are pictures. */
async function writeBatches(folder) {
  const file = openSync(join(folder, "pictures.u8"), "w");
  const truth = [];
  for (let k = 0; k < end; k++) {
    const batch = await batchOf(k);
    writeSync(
      file,
      Uint8Array.from(batch.inputs, (value) => Math.round(255 * value)),
    );
    truth.push(Array.from({ length: batch.count }, (_, row) => batch.labels.indexOf(1, row * classes) - row * classes));
  }
  closeSync(file);
  writeFileSync(join(folder, "job.json"), JSON.stringify({ side: SIDE, classes, rate, saveAfter: begin, truth }));
}

/** The losses of our steps from the file that Keras left. */
async function ours(file) {
  const bytes = readFileSync(file);
  const model = await tf.loadLayersModel(tf.io.fromMemory(await readKeras(bytes)));
  const weights = model.weights.map((weight) => {
    return [weight.originalName, { dims: weight.shape, data: weight.read().dataSync() }];
  });
  const { optimizer, state } = fromKerasTraining(await readKerasTraining(bytes), Object.fromEntries(weights));
  const session = await new OnnxEngine("cpu", "bench").open({ model, optimizer, batchSize: BATCH });
  await session.restore(state);
  const losses = [];
  for (let k = begin; k < end; k++) losses.push((await session.step(await batchOf(k), rate)).loss);
  await session.dispose();
  return losses;
}

const folder = mkdtempSync(join(tmpdir(), "resonnx-course-"));
try {
  await writeBatches(folder);
  await promisify(execFile)(values.python, [here("keras_course.py"), fromCaller(values.peers), folder]);
  const keras = JSON.parse(readFileSync(join(folder, "losses.json"), "utf8")).slice(begin);
  const resonnx = await ours(join(folder, "warm.keras"));
  const mean = (losses) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const [a, b] = [resonnx, keras].map((losses) =>
      mean(losses.slice(epoch * batches.steps, (epoch + 1) * batches.steps)),
    );
    console.log(`epoch ${warm + epoch + 1}: resonnx ${a.toPrecision(4)}, Keras ${b.toPrecision(4)}`);
  }
  const apart = resonnx.map((loss, k) => Math.abs(loss / keras[k] - 1));
  for (const steps of [1, 5, 10, 20, apart.length])
    console.log(
      `largest relative difference in ${steps} steps: ${Math.max(...apart.slice(0, steps)).toExponential(1)}`,
    );
} finally {
  rmSync(folder, { recursive: true });
}
