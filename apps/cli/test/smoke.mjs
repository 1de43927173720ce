// The main job in small, on whichever Node runs it: one training step, export, predict. Prints one line, or throws.
import assert from "node:assert/strict";
import { chooseEngine, openDataset, resnet50 } from "@resonnx/core";
import { exportModel } from "@resonnx/export";
import { loadModel } from "@resonnx/runtime-node";

const side = 32;
const dataset = await openDataset("hand-signs", { width: side, height: side });
const model = resnet50({ inputShape: [side, side, 3], classes: dataset.labels.length });
const count = 4;
const pictures = Float32Array.from(await dataset.splits.train.read([0, 1, 2, 3]), (value) => value / 255);
const labels = new Float32Array(count * dataset.labels.length);
for (let i = 0; i < count; i++) labels[i * dataset.labels.length + dataset.splits.train.labels[i]] = 1;

const engine = await chooseEngine({ engine: "onnx", device: "cpu" });
const session = await engine.open({ model, optimizer: "adam", batchSize: count });
const { loss } = await session.step({ inputs: pictures, labels, count }, 0.001);
assert(Number.isFinite(loss) && loss > 0, `loss ${loss}`);
await session.dispose();

const preprocessing = {
  width: side,
  height: side,
  channelOrder: "rgb",
  scale: 1 / 255,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  layout: "nhwc",
};
const { bytes, report } = await exportModel(model, { metadata: { labels: dataset.labels, preprocessing } });
const runtime = await loadModel(bytes, { providers: ["cpu"] });
const pixels = await dataset.splits.test.read([0]);
const rgba = Uint8Array.from({ length: side * side * 4 }, (_, i) =>
  i % 4 === 3 ? 255 : pixels[(i >> 2) * 3 + (i % 4)],
);
const [best] = await runtime.classify({ width: side, height: side, data: rgba });
assert(best.score > 0 && dataset.labels.includes(best.label));
await runtime.dispose();
console.log(
  `node ${process.versions.node}: a step (loss ${loss.toFixed(3)}), ${report.nodes} nodes exported, "${best.label}" predicted`,
);
