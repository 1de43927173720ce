// One training in Keras and here, from what Keras has come to after some epochs, its optimizer's state with it: mean losses
// and pictures of the test set that are right, side by side.
//   node bench/same-course.mjs [--warm 20] [--epochs 4] [--each-epoch] [--rate 0.001] [--seed 7] [--python python3] [--json]
//     [--data ../../../shared/data/signs_64] [--peers ../../../shared/tools/peers]
// Batches are the same ones in the same order, by recipe `tutorial`; Keras' initial weights are its own by the seed.
// --each-epoch begins every epoch with Keras' state, so that two courses of one chaotic training have no time to part.
// Prints the largest relative difference of a step's losses as well. Keras takes ten seconds an epoch or more, and
// 280 MB of temporary files an epoch with --each-epoch.
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
    "each-epoch": { type: "boolean", default: false },
    rate: { type: "string", default: "0.001" },
    seed: { type: "string", default: "7" },
    python: { type: "string", default: "python3" },
    json: { type: "boolean", default: false },
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
const batchesOf = (split) => new Batches({ split, size, classes, batchSize: BATCH, seed, recipe: recipes.tutorial });
const training = batchesOf(splits.train);
const epochOf = (batches, epoch) =>
  Promise.all(Array.from({ length: batches.steps }, async (_, k) => (await batches.at(epoch, k)).batch));
const test = await epochOf(batchesOf(splits.test), 0);

const truthOf = (batch) =>
  Array.from({ length: batch.count }, (_, row) => batch.labels.indexOf(1, row * classes) - row * classes);

/** Batches behind each other, as bytes: without augmentation they are pictures. Returns their labels. */
function append(file, batches) {
  for (const { inputs } of batches)
    writeSync(
      file,
      Uint8Array.from(inputs, (value) => Math.round(255 * value)),
    );
  return batches.map(truthOf);
}

/** Leaves what keras_course.py reads. */
async function writeJob(folder) {
  const [train, tested] = ["train.u8", "test.u8"].map((name) => openSync(join(folder, name), "w"));
  const truth = [];
  for (let epoch = 0; epoch < warm + epochs; epoch++) truth.push(append(train, await epochOf(training, epoch)));
  const job = {
    side: SIDE,
    classes,
    rate,
    seed,
    warm,
    eachEpoch: values["each-epoch"],
    truth,
    test: append(tested, test),
  };
  writeFileSync(join(folder, "job.json"), JSON.stringify(job));
  for (const file of [train, tested]) closeSync(file);
}

/** A session that goes on from the file that Keras left before an epoch. */
async function sessionFrom(file) {
  const bytes = readFileSync(file);
  const model = await tf.loadLayersModel(tf.io.fromMemory(await readKeras(bytes)));
  const weights = model.weights.map((weight) => {
    return [weight.originalName, { dims: weight.shape, data: weight.read().dataSync() }];
  });
  const { optimizer, state } = fromKerasTraining(await readKerasTraining(bytes), Object.fromEntries(weights));
  const session = await new OnnxEngine("cpu", "bench").open({ model, optimizer, batchSize: BATCH });
  await session.restore(state);
  model.dispose();
  return session;
}

async function rightOf(session) {
  let right = 0;
  for (const batch of test) {
    const predictions = await session.predict(batch.inputs, batch.count);
    for (const [row, label] of truthOf(batch).entries()) {
      const scores = predictions.subarray(row * classes, (row + 1) * classes);
      if (scores.indexOf(Math.max(...scores)) === label) right++;
    }
  }
  return right;
}

/** Of each epoch the losses of our steps, and the pictures that are right after it. */
async function ours(folder) {
  const results = [];
  let session;
  for (let epoch = warm; epoch < warm + epochs; epoch++) {
    if (!session || values["each-epoch"]) {
      await session?.dispose();
      session = await sessionFrom(join(folder, `${epoch}.keras`));
    }
    const losses = [];
    for (const batch of await epochOf(training, epoch)) losses.push((await session.step(batch, rate)).loss);
    results.push({ losses, right: await rightOf(session) });
  }
  await session.dispose();
  return results;
}

const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

function print(rows) {
  const of = test.reduce((sum, { count }) => sum + count, 0);
  for (const { epoch, resonnx, keras } of rows) {
    const side = ({ losses, right }) => `loss ${mean(losses).toPrecision(4)}, ${right} of ${of} right`;
    console.log(`epoch ${epoch}: resonnx ${side(resonnx)}; Keras ${side(keras)}`);
  }
  const rights = ["resonnx", "keras"].map((name) => mean(rows.map((row) => row[name].right)));
  console.log(`right in the mean: resonnx ${rights[0].toFixed(2)}, Keras ${rights[1].toFixed(2)}`);
  const apart = rows.flatMap(({ resonnx, keras }) =>
    resonnx.losses.map((loss, k) => Math.abs(loss / keras.losses[k] - 1)),
  );
  for (const steps of [1, 5, 10, 20, apart.length])
    console.log(
      `largest relative difference in ${steps} steps: ${Math.max(...apart.slice(0, steps)).toExponential(1)}`,
    );
}

const folder = mkdtempSync(join(tmpdir(), "resonnx-course-"));
try {
  await writeJob(folder);
  await promisify(execFile)(values.python, [here("keras_course.py"), fromCaller(values.peers), folder]);
  const keras = JSON.parse(readFileSync(join(folder, "epochs.json"), "utf8")).slice(warm);
  const rows = (await ours(folder)).map((resonnx, i) => ({ seed, epoch: warm + i + 1, resonnx, keras: keras[i] }));
  if (values.json) console.log(JSON.stringify(rows));
  else print(rows);
} finally {
  rmSync(folder, { recursive: true });
}
