export { type Calibration, type CalibrationBin, calibration } from "./calibration.ts";
export { type ClassScore, type Evaluation, evaluation, type Totals } from "./evaluation.ts";
export { evaluationWithDuplicates } from "./evaluation-with-duplicates.ts";
export { type Mistake, worstMistakes } from "./mistakes.ts";
