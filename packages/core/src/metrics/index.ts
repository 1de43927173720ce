export { type ClassScore, type Evaluation, evaluation } from "./evaluation.ts";
