import { ResonnxError } from "@resonnx/base";
import { refuseRegularization } from "@resonnx/export";
import { OnnxModel } from "@resonnx/onnx";
import type { LayersModel } from "@tensorflow/tfjs";
import type { TrainingJob, Values } from "../engine.ts";
import { hasTfjsLoss } from "./losses.ts";

/** What only the onnx engine does, and whether a job asks for it. */
const beyond: Readonly<Record<string, (job: TrainingJob) => boolean>> = {
  "a model of an .onnx file": ({ model }) => model instanceof OnnxModel,
  "several inputs or outputs": ({ model }) =>
    !(model instanceof OnnxModel) && (model.inputs.length !== 1 || model.outputs.length !== 1),
  "a loss for each output": ({ losses, lossWeights }) => losses !== undefined || lossWeights !== undefined,
  "class weights": ({ classWeights }) => classWeights !== undefined,
  "frozen weights": ({ frozen }) => frozen !== undefined,
  "activations computed again to save memory": ({ saveMemory }) => saveMemory === true,
};

const beyondTfjs = (job: TrainingJob): string | undefined => Object.keys(beyond).find((what) => beyond[what]!(job));

/** Whether the tfjs engines would refuse a job that the onnx engine does. */
export const onlyOnnxTrains = (job: TrainingJob): boolean =>
  beyondTfjs(job) !== undefined || (job.loss !== undefined && !hasTfjsLoss(job.loss));

/** The job's model. Throws `unsupported` for a job that the tfjs engines don't do. */
export function layersModelOf(job: TrainingJob): LayersModel {
  const { model } = job;
  const where = `engine tfjs: ${model.name}`;
  const what = beyondTfjs(job);
  if (what !== undefined || model instanceof OnnxModel)
    throw new ResonnxError("unsupported", {
      where,
      what: `no training with ${what}`,
      hint: "train with engine onnx",
    });
  const { layers } = JSON.parse(String(model.toJSON())).config as { layers: LayerEntry[] };
  refuseRegularization(
    layers.map(({ config }) => ({ name: config.name, config })),
    ({ name }) => model.getLayer(name).trainable,
    where,
  );
  return model;
}

/** A layer as tfjs writes it. */
interface LayerEntry {
  readonly config: { readonly name: string };
}

/** The numbers of the only input or output. */
export function onlyArray(values: Values): Float32Array {
  if (values instanceof Float32Array) return values;
  const [array] = Object.values(values);
  if (array) return array;
  throw new ResonnxError("bad-input", { where: "batch", what: "no numbers" });
}
