export type { Dataset, Split, SplitName } from "./dataset.ts";
export { foldsOf } from "./folds.ts";
export { joinSplits, splitOf } from "./split.ts";
