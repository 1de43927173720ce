import type { ModelMetadata, Preprocessing } from "@resonnx/base";
import type { Dataset } from "../../../data/dataset.ts";
import { leaksOf } from "../../../data-report/leaks.ts";
import type { TrainingState } from "../../../engines/engine.ts";
import type { Evaluation } from "../../../metrics/evaluation.ts";
import { waitingShare } from "../../../report/history.ts";
import { renderReport } from "../../../report/render-report.ts";
import type { Facts } from "../../../report/tables.ts";
import type { Trained } from "../../../train/train.ts";
import { flat } from "./compare-runs.ts";
import { detailsOf, type Judged } from "./details.ts";
import { type ModelForms, titleOf } from "./model-forms.ts";
import { CHANNEL_ORDERS, type Network } from "./network.ts";
import type { RunConfig } from "./options.ts";
import type { RunFolder } from "./run-folder.ts";

/** A finished run: what its files tell. */
export interface Finished {
  readonly config: RunConfig;
  readonly dataset: Dataset;
  /** Of the model's pictures. */
  readonly channels: Network["channels"];
  readonly trained: Trained;
  readonly forms: ModelForms;
  /** The weights to keep. */
  readonly state: TrainingState;
  readonly evaluation: Evaluation;
  readonly engine: Facts;
  readonly notes: readonly string[];
  readonly versions: Facts;
  readonly judged: Pick<Judged, "train" | "probabilities">;
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
  const { config, dataset, trained, evaluation, state, forms } = finished;
  const { onnx, files } = await forms.write(folder, { config, state, metadata: metadataOf(finished) });
  const { history } = trained.position;
  const waiting = waitingShare(history);
  const metrics = {
    ...evaluation,
    split: "test",
    ...trained.kept,
    ...(waiting !== undefined && { waiting }),
    ...(dataset.alike && { leaks: leaksOf(dataset.alike) }),
  };
  await folder.write("metrics", `${JSON.stringify(metrics, undefined, 2)}\n`);
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
        model: forms.facts,
        onnx,
      }),
    }),
  );
  return [...files, ...(["history", "metrics", "report"] as const).map((kind) => folder.file(kind))];
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
