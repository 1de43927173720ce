export type { DatasetOptions } from "./dataset-options.ts";
export { openDataset } from "./open-dataset.ts";
export { writeAtomic } from "./write-atomic.ts";
