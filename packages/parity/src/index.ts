export type { Backend, BackendLimit, BackendSession, Case } from "./backend.ts";
export { checkParity, type ParityOptions, type ParityProgress } from "./check.ts";
export { type Comparison, compare, type ElementPair } from "./compare.ts";
export { type FirstDifference, type FirstDifferenceOptions, firstDifference } from "./first-difference.ts";
export { htmlReport } from "./report.ts";
export {
  type BackendReport,
  type OutputReport,
  type ParityResult,
  type ParityStatus,
  type ParitySummary,
  summarize,
} from "./result.ts";
export { TOLERANCES, type Tolerance } from "./tolerance.ts";
