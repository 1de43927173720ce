import type { RunOptions } from "../platform/node/run/options.ts";
import { tinyDataset, tinyResNet } from "./tiny.ts";

/** What a run of the tiny network on the tiny pictures needs to be told; it takes less than a second an epoch. */
export const tinyRun = {
  data: "tiny",
  model: "tiny",
  dataset: tinyDataset(),
  build: ({ classes, batchNormMomentum }) => tinyResNet(classes, batchNormMomentum),
  engine: "onnx",
  device: "cpu",
  batchSize: 8,
} as const satisfies RunOptions;
