// Trains on a folder of many small pictures for a while and tells what the data part costs:
//   node bench/pictures.mjs [pictures = 200000] [seconds = 60] [network = plain] [side = 64]
// The pictures are hard links to a few hundred different files; each is read and decoded whenever it is seen.
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import sharp from "sharp";
import { networkNamed } from "../dist/models/network.js";
import { openDataset } from "../dist/platform/node/data/open-dataset.js";
import { OnnxEngine } from "../dist/platform/node/onnx/onnx-engine.js";
import { batchesIn } from "../dist/platform/node/workers/make-batches.js";
import { poolOf } from "../dist/platform/node/workers/shared-pool.js";
import { randomFor } from "../dist/random/random.js";
import { recipes } from "../dist/train/recipe.js";
import { train } from "../dist/train/train.js";

const [count, seconds, side] = [process.argv[2] ?? 200_000, process.argv[3] ?? 60, process.argv[5] ?? 64].map(Number);
const network = process.argv[4] ?? "plain";
const CLASSES = 20;
const ORIGINALS = 400;
const BATCH = 32;

const megabytes = () => Math.round(process.resourceUsage().maxRSS / 1024);
const root = mkdtempSync(join(tmpdir(), "resonnx-pictures-"));
process.on("exit", () => rmSync(root, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));

/** Photographs' like: a few blurred spots of colour, 80 to 120 pixels a side, a JPEG of some 3 kB. */
async function original(number) {
  const random = randomFor(1, 0, number);
  const [width, height] = [80 + Math.floor(40 * random()), 80 + Math.floor(40 * random())];
  const spots = Buffer.from(Array.from({ length: 12 * 12 * 3 }, () => 256 * random()));
  const picture = sharp(spots, { raw: { width: 12, height: 12, channels: 3 } }).resize(width, height, { fit: "fill" });
  return picture.jpeg({ quality: 85 }).toBuffer();
}

/** Four convolutions, 0.4 million weights: small, so that what is measured is the data part. */
function plain({ width, height, channels, classes }) {
  const layers = [32, 64, 128, 256].map((filters, i) =>
    tf.layers.conv2d({
      ...{
        name: `conv${i + 1}`,
        filters,
        kernelSize: i === 0 ? 5 : 3,
        strides: 2,
        padding: "same",
        activation: "relu",
      },
      ...(i === 0 && { inputShape: [height, width, channels] }),
    }),
  );
  const pool = tf.layers.globalAveragePooling2d({ name: "pool" });
  const softmax = tf.layers.dense({ name: "fc", units: classes, activation: "softmax" });
  return tf.sequential({ name: "plain", layers: [...layers, pool, softmax] });
}

async function makeFolder() {
  mkdirSync(join(root, "originals"));
  for (let i = 0; i < ORIGINALS; i++) writeFileSync(join(root, "originals", `${i}.jpg`), await original(i));
  for (let c = 0; c < CLASSES; c++) mkdirSync(join(root, "pictures", `class-${c}`), { recursive: true });
  for (let i = 0; i < count; i++)
    linkSync(
      join(root, "originals", `${i % ORIGINALS}.jpg`),
      join(root, "pictures", `class-${i % CLASSES}`, `${i}.jpg`),
    );
}

await makeFolder();
const before = megabytes();
const opening = performance.now();
const dataset = await openDataset(join(root, "pictures"), { width: side, height: side });
const opened = (performance.now() - opening) / 1000;
console.log(`${count} pictures listed in ${opened.toFixed(1)} s, peak RSS ${megabytes()} MB (${before} MB before)`);

const { train: split } = dataset.splits;
const batchNormMomentum = recipes.default.batchNormMomentum;
const shape = { width: side, height: side, channels: 3, classes: dataset.labels.length };
const build = network === "plain" ? plain : networkNamed(network);
const model = await build({ ...shape, seed: 1, batchNormMomentum });
const session = await new OnnxEngine("cpu", "bench").open({ model, optimizer: "adam", batchSize: BATCH, seed: 1 });
let position;
const started = performance.now();
await train({
  session,
  train: split,
  val: undefined,
  size: dataset,
  labels: dataset.labels,
  recipe: { ...recipes.default, ema: undefined },
  epochs: 100,
  batchSize: BATCH,
  learningRate: 0.001,
  seed: 1,
  makeBatch: batchesIn(poolOf(undefined)),
  signal: AbortSignal.timeout(1000 * seconds),
  store: {
    saveBest: async () => {},
    loadBest: async () => {},
    saveLast: async (_, at) => {
      position = at;
    },
  },
}).catch((error) => {
  if (error.code !== "aborted") throw error;
});
await session.dispose();
const { sums } = position;
const busy = 100 * (1 - sums.waiting / sums.seconds);
console.log(
  `${network} at ${side}x${side}, batch ${BATCH}, ${availableParallelism()} cores: ${sums.pictures} pictures in ` +
    `${((performance.now() - started) / 1000).toFixed(0)} s, ${(sums.pictures / sums.seconds).toFixed(0)} pictures/s, ` +
    `engine busy ${busy.toFixed(1)} % of the time, peak RSS ${megabytes()} MB`,
);
