export type { Dataset, Split, SplitName } from "./dataset.ts";
export { joinSplits, splitOf } from "./split.ts";
