import { ResonnxError } from "@resonnx/base";
import type { TrainingJob, Values } from "../engine.ts";

/** What only the onnx engine does, and whether a job asks for it. */
const beyond: Readonly<Record<string, (job: TrainingJob) => boolean>> = {
  "several inputs or outputs": ({ model }) => model.inputs.length !== 1 || model.outputs.length !== 1,
  "a loss for each output": ({ losses, lossWeights }) => losses !== undefined || lossWeights !== undefined,
  "class weights": ({ classWeights }) => classWeights !== undefined,
  "frozen weights": ({ frozen }) => frozen !== undefined,
};

/** Throws `unsupported` for a job that the tfjs engines don't do. */
export function checkJob(job: TrainingJob): void {
  const what = Object.keys(beyond).find((each) => beyond[each]!(job));
  if (what === undefined) return;
  const hint = "train with engine onnx";
  throw new ResonnxError("unsupported", {
    where: `engine tfjs: ${job.model.name}`,
    what: `no training with ${what}`,
    hint,
  });
}

/** The numbers of the only input or output. */
export function onlyArray(values: Values): Float32Array {
  if (values instanceof Float32Array) return values;
  const [array] = Object.values(values);
  if (array) return array;
  throw new ResonnxError("bad-input", { where: "batch", what: "no numbers" });
}
