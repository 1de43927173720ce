export type { Dataset, Split, SplitName } from "./dataset.ts";
export { foldsOf } from "./folds.ts";
export { type GroupOf, groupsBy } from "./groups.ts";
export { joinSplits, splitOf } from "./split.ts";
