export { type Calibration, type CalibrationBin, calibration } from "./calibration.ts";
export { type ClassScore, type Evaluation, evaluation } from "./evaluation.ts";
export { type Mistake, worstMistakes } from "./mistakes.ts";
