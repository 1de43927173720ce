// Seconds for a training step of ResNet50 (64x64x3, 6 classes) on the onnx engine: node bench/step.mjs [batch] [steps]
import { resnet50 } from "../dist/models/index.js";
import { OnnxEngine } from "../dist/platform/node/onnx/onnx-engine.js";

const batchSize = Number(process.argv[2] ?? 32);
const steps = Number(process.argv[3] ?? 12);
const start = performance.now();
const session = await new OnnxEngine("cpu", "bench").open({
  model: resnet50({ seed: 1 }),
  optimizer: "adam",
  batchSize,
});
const pictures = Float32Array.from({ length: batchSize * 64 * 64 * 3 }, (_, i) => ((i * 2654435761) >>> 8) / 2 ** 24);
const labels = Float32Array.from({ length: batchSize * 6 }, (_, i) => (i % 6 === Math.floor(i / 6) % 6 ? 1 : 0));
console.log(`open ${((performance.now() - start) / 1000).toFixed(2)} s`);
const seconds = [];
for (let k = 0; k < steps; k++) {
  const before = performance.now();
  const { loss } = await session.step({ inputs: pictures, labels, count: batchSize }, 1e-3);
  seconds.push((performance.now() - before) / 1000);
  if (process.env.VERBOSE) console.log(k, loss.toFixed(4), seconds.at(-1).toFixed(3));
}
const steady = seconds.slice(2).sort((a, b) => a - b);
console.log(
  `resonnx B ${batchSize} first ${seconds[0].toFixed(2)} min ${steady[0].toFixed(3)} med ${steady[steady.length >> 1].toFixed(3)}`,
);
console.log(`rss MB ${(process.resourceUsage().maxRSS / 1024).toFixed(0)}`);
await session.dispose();
