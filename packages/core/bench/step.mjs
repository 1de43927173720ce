// Seconds for a training step on the onnx engine: node bench/step.mjs [batch] [steps] [workload] [--save-memory]
// (workloads.mjs; ResNet50 by default)
import { OnnxEngine } from "../dist/platform/node/onnx/onnx-engine.js";
import { timeSteps } from "./timing.mjs";
import { batchOf, workloads } from "./workloads.mjs";

const saveMemory = process.argv.includes("--save-memory");
const [batch = "32", steps = "12", name = "resnet50"] = process.argv
  .slice(2)
  .filter((word) => word !== "--save-memory");
const workload = workloads[name];
const start = performance.now();
const model = workload.make();
const batchSize = Number(batch);
const { optimizer } = workload;
const session = await new OnnxEngine("cpu", "bench").open({ model, optimizer, batchSize, saveMemory });
console.log(`open ${((performance.now() - start) / 1000).toFixed(2)} s`);
const data = batchOf(model, workload, batchSize);
await timeSteps("resonnx", batchSize, Number(steps), async () => (await session.step(data, workload.rate)).loss);
await session.dispose();
