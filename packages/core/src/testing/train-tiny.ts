import { runTraining } from "../platform/node/run/run-training.ts";
import { tinyDataset, tinyResNet } from "./tiny.ts";

/** A process that trains the tiny network in the folder that it is given, or goes on there, and tells its parent what it does. */
const [, , out = ""] = process.argv;
const options = { data: "tiny", model: "tiny", dataset: tinyDataset(), engine: "onnx", device: "cpu" } as const;
await runTraining({
  ...options,
  out,
  resume: true,
  epochs: 12,
  batchSize: 8,
  learningRate: 0.01,
  build: ({ classes, batchNormMomentum }) => tinyResNet(classes, batchNormMomentum),
  checkpointSeconds: 0.05,
  onProgress: ({ is }) => process.send?.(is),
});
process.send?.("done");
