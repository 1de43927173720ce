export type { DatasetOptions } from "./dataset-options.ts";
export { imageFolder } from "./image-folder.ts";
export { openDataset } from "./open-dataset.ts";
export { writeAtomic } from "./write-atomic.ts";
