import { basename, join } from "node:path";
import { type ModelMetadata, type Preprocessing, ResonnxError } from "@resonnx/base";
import { exportModel, writeArtifacts, writeAtomic } from "@resonnx/export";
import { writeKerasH5 } from "@resonnx/keras";
import type { io } from "@tensorflow/tfjs";
import type { Dataset } from "../../../data/dataset.ts";
import type { TrainingState } from "../../../engines/engine.ts";
import type { Evaluation } from "../../../metrics/evaluation.ts";
import { renderReport } from "../../../report/render-report.ts";
import type { Facts } from "../../../report/tables.ts";
import type { Trained } from "../../../train/train.ts";
import { flat } from "./compare-runs.ts";
import { detailsOf, type Judged } from "./details.ts";
import { kerasCompile } from "./keras-compile.ts";
import { CHANNEL_ORDERS, type Network } from "./network.ts";
import type { RunConfig } from "./options.ts";
import type { RunFolder } from "./run-folder.ts";

/** What a model is called: its name, or that of its file without folder and ending. */
export const titleOf = (model: string): string => basename(model).replace(/\.json$/i, "");

/** The name of the Keras file; the tutorial's own for its own network. */
const kerasFile = (model: string): string => (model === "resnet50" ? "ResNet50-1.h5" : `${titleOf(model)}.h5`);

/** A finished run: what its files tell. */
export interface Finished {
  readonly config: RunConfig;
  readonly dataset: Dataset;
  /** Of the model's pictures. */
  readonly channels: Network["channels"];
  readonly trained: Trained;
  /** The model's topology, with any weights. */
  readonly artifacts: io.ModelArtifacts;
  /** The weights to keep. */
  readonly state: TrainingState;
  readonly evaluation: Evaluation;
  readonly engine: Facts;
  readonly notes: readonly string[];
  readonly versions: Facts;
  readonly judged: Pick<Judged, "train" | "probabilities" | "model">;
}

/** x / 255, as the batches were made. */
const preprocessingOf = ({ width, height }: Dataset, channels: Network["channels"]): Preprocessing => ({
  width,
  height,
  channelOrder: CHANNEL_ORDERS[channels],
  scale: 1 / 255,
  mean: new Array<number>(channels).fill(0),
  std: new Array<number>(channels).fill(1),
  layout: "nhwc",
});

/** Writes the model in all its forms, the metrics and the report; the paths, in the order in which they were written. */
export async function writeResults(folder: RunFolder, finished: Finished): Promise<string[]> {
  const { config, dataset, trained, evaluation, state } = finished;
  const artifacts = withWeights(finished.artifacts, state);
  const keras = join(folder.path, kerasFile(config.model));
  const { bytes } = await exportModel(artifacts, { metadata: metadataOf(finished), where: titleOf(config.model) });
  await folder.write("onnx", bytes);
  await writeArtifacts(folder.file("tfjs"), artifacts);
  await writeAtomic(keras, await writeKerasH5(artifacts, { compile: kerasCompile(config, state) }));
  await folder.write(
    "metrics",
    `${JSON.stringify({ ...evaluation, split: "test", ...trained.kept, waiting: waitingShare(trained) }, undefined, 2)}\n`,
  );
  const { history } = trained.position;
  await folder.write(
    "report",
    await renderReport({
      title: `${titleOf(config.model)} on ${dataset.name}`,
      history,
      evaluation,
      evaluatedOn: `test split, ${evaluation.count} pictures, ${keptText(trained.kept)}`,
      config: { ...Object.fromEntries([...flat(config)].map(unquoted)), ...finished.engine },
      notes: finished.notes,
      versions: finished.versions,
      details: await detailsOf({
        ...finished.judged,
        config,
        dataset,
        channels: finished.channels,
        history,
        onnx: bytes,
      }),
    }),
  );
  return [
    folder.file("onnx"),
    join(folder.file("tfjs"), "model.json"),
    keras,
    ...(["history", "metrics", "report"] as const).map((kind) => folder.file(kind)),
  ];
}

/** Share of the training time in which the engine waited for pictures, in [0, 1]; 0 when nothing was trained. */
function waitingShare({ position: { history } }: Trained): number {
  const seconds = history.reduce((sum, row) => sum + row.seconds, 0);
  return seconds > 0 ? history.reduce((sum, { waiting = 0 }) => sum + waiting, 0) / seconds : 0;
}

/** Which weights the files hold. */
const keptText = ({ weights, epoch, averaged }: Trained["kept"]): string =>
  `weights of the ${weights} epoch, ${epoch}${averaged ? ", averaged over steps" : ""}`;

/** Texts without their quotation marks. */
const unquoted = ([name, json]: readonly [string, string]): [string, string] => [name, json.replace(/^"(.*)"$/, "$1")];

function metadataOf({ config, dataset, channels, trained, evaluation }: Finished): ModelMetadata {
  return {
    labels: dataset.labels,
    preprocessing: preprocessingOf(dataset, channels),
    training: {
      data: dataset.name,
      ...(config.group !== null && { group: config.group }),
      epochs: config.epochs,
      weights: trained.kept.weights,
      epoch: trained.kept.epoch,
      seed: config.seed,
      recipe: config.recipe.name,
      testAccuracy: evaluation.accuracy,
    },
    source: { format: "tfjs-layers", name: titleOf(config.model) },
  };
}

/** The artifacts with the state's weights, in one buffer in the order of their specs. */
export function withWeights(artifacts: io.ModelArtifacts, { arrays }: TrainingState): io.ModelArtifacts {
  const weights = (artifacts.weightSpecs ?? []).map(({ name }) => {
    const array = arrays[name];
    if (!array)
      throw new ResonnxError("internal", { where: name, what: "the training state lacks a weight of the model" });
    return array.data;
  });
  const data = new Float32Array(weights.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of weights) {
    data.set(array, at);
    at += array.length;
  }
  return { ...artifacts, weightData: data.buffer };
}
