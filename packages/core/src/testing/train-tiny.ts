import { runTraining } from "../platform/node/run/run-training.ts";
import { tinyRun } from "./tiny-run.ts";

/** A process that trains the tiny network in the folder that it is given, or goes on there, and tells its parent what it does. */
const [, , out = ""] = process.argv;
await runTraining({
  ...tinyRun,
  out,
  resume: true,
  epochs: 12,
  learningRate: 0.01,
  checkpointSeconds: 0.05,
  onProgress: ({ is }) => process.send?.(is),
});
process.send?.("done");
