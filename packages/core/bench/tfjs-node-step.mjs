// Seconds for a training step on tfjs-node: node bench/tfjs-node-step.mjs FOLDER [batch] [steps] [workload]
import * as tf from "@tensorflow/tfjs";
import { useTfjsNode } from "./tfjs-node.mjs";
import { timeSteps } from "./timing.mjs";
import { batchOf, workloads } from "./workloads.mjs";

const [folder, batch = "32", steps = "12", name = "resnet50"] = process.argv.slice(2);
await useTfjsNode(folder);
const workload = workloads[name];
const batchSize = Number(batch);
const model = workload.make();
const data = batchOf(model, workload, batchSize);
model.compile({ optimizer: tf.train[workload.optimizer](workload.rate), loss: "categoricalCrossentropy" });
const [input, output] = [model.inputs[0].shape.slice(1), model.outputs[0].shape.slice(1)];
await timeSteps("tfjs-node", batchSize, Number(steps), async () => {
  const [x, y] = [tf.tensor(data.inputs, [batchSize, ...input]), tf.tensor(data.labels, [batchSize, ...output])];
  const loss = await model.trainOnBatch(x, y);
  tf.dispose([x, y]);
  return loss;
});
