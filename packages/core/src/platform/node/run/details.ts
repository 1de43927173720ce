import type { LayersModel } from "@tensorflow/tfjs";
import type { Dataset, Split } from "../../../data/dataset.ts";
import { calibration } from "../../../metrics/calibration.ts";
import { type Mistake, worstMistakes } from "../../../metrics/mistakes.ts";
import { costOf } from "../../../models/flops.ts";
import { contactSheet } from "../../../report/contact-sheet.ts";
import type { ReportDetails, ShownMistake } from "../../../report/details.ts";
import type { HistoryRow } from "../../../report/history.ts";
import { renderPlot } from "../../../report/plot/render-plot.ts";
import type { Facts } from "../../../report/tables.ts";
import type { RunConfig } from "./options.ts";

/** Mistakes that a report shows; columns and rows of its contact sheet. */
const MISTAKES = 24;
const COLUMNS = 8;
const ROWS = 4;

/** What must be known of a model before it is gone. */
export interface ModelFacts {
  readonly architecture: string;
  readonly cost: Facts;
}

export function modelFacts(model: LayersModel): ModelFacts {
  const { flops } = costOf(model);
  return {
    architecture: renderPlot(model),
    cost: { parameters: model.countParams(), "million FLOPs a picture, forward": Math.round(flops / 1e5) / 10 },
  };
}

interface Judged {
  readonly config: RunConfig;
  readonly dataset: Dataset;
  /** What the run trained on. */
  readonly train: Split;
  readonly history: readonly HistoryRow[];
  /** [test pictures, classes] */
  readonly probabilities: Float32Array;
  readonly model: ModelFacts;
}

/** The further sections of a run's report. */
export async function detailsOf(judged: Judged): Promise<ReportDetails> {
  const { dataset, probabilities, model, train, history } = judged;
  const { labels, splits } = dataset;
  const { test } = splits;
  const worst = worstMistakes(probabilities, test.labels, labels.length, MISTAKES);
  const seconds = history.reduce((sum, row) => sum + row.seconds, 0);
  const speed = (train.names.length * history.length) / seconds;
  const counts = Object.entries(splits).map(([name, split]) => [name, countsOf(split, labels.length)] as const);
  return {
    calibration: calibration(probabilities, test.labels, labels.length),
    mistakes: await Promise.all(worst.map((mistake) => shown(mistake, dataset))),
    data: { labels, counts: Object.fromEntries(counts) },
    contactSheet: await sheetOf(judged),
    cost: { ...model.cost, ...(seconds > 0 && { "pictures a second, training": Math.round(speed * 10) / 10 }) },
    architecture: model.architecture,
  };
}

function countsOf({ labels }: Split, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]! += 1;
  return counts;
}

async function shown({ index, truth, predicted, confidence }: Mistake, dataset: Dataset): Promise<ShownMistake> {
  const { labels, width, height, splits } = dataset;
  const picture = await pictureUrl(await splits.test.read([index]), width, height);
  return {
    name: splits.test.names[index]!,
    truth: labels[truth]!,
    predicted: labels[predicted]!,
    confidence,
    picture,
  };
}

async function sheetOf({ config, dataset, train }: Judged): Promise<string | undefined> {
  const recipe = config.recipe.augment;
  if (!recipe) return undefined;
  const { width, height } = dataset;
  const count = Math.min(COLUMNS, train.names.length);
  const indices = Array.from({ length: count }, (_, i) => Math.floor((i * train.names.length) / count)); // of all classes
  const options = { width, height, recipe, seed: config.seed, indices, epochs: ROWS };
  const sheet = contactSheet(await train.read(indices), options);
  return pictureUrl(sheet.rgb, sheet.width, sheet.height);
}

/** A u8 RGB picture as the `data:` URL of a JPEG. */
async function pictureUrl(rgb: Uint8Array, width: number, height: number): Promise<string> {
  const { default: sharp } = await import("sharp");
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
}
