import { ResonnxError } from "@resonnx/base";
import type { LayersModel } from "@tensorflow/tfjs";
import type { Dataset, Split } from "../../../data/dataset.ts";
import { isLeak } from "../../../data-report/leaks.ts";
import { lumaOf } from "../../../engines/in-grey.ts";
import type { HeatMaps } from "../../../explain/grad-cam.ts";
import { layOver } from "../../../explain/lay-over.ts";
import { calibration } from "../../../metrics/calibration.ts";
import { type Mistake, worstMistakes } from "../../../metrics/mistakes.ts";
import { costOf } from "../../../models/flops.ts";
import { contactSheet } from "../../../report/contact-sheet.ts";
import type { HeatMapSource, NearDuplicates, ReportDetails, ShownMistake } from "../../../report/details.ts";
import { duration } from "../../../report/duration.ts";
import { type HistoryRow, waitingShare } from "../../../report/history.ts";
import { showSets } from "../../../report/picture-sets.ts";
import { renderPlot } from "../../../report/plot/render-plot.ts";
import type { Facts } from "../../../report/tables.ts";
import { scaled } from "../../../train/make-batch.ts";
import { gradCam } from "../grad-cam.ts";
import type { Network } from "./network.ts";
import type { RunConfig } from "./options.ts";

/** Mistakes that a report shows; columns and rows of its contact sheet; sets of look-alikes. */
const MISTAKES = 18;
const COLUMNS = 8;
const ROWS = 4;
const SHOWN_SETS = { sets: 12, pictures: 4 };
/** Of heat maps: 4 x 4, less would show hardly more than left or right. */
const PLACES = 16;

/** What must be known of a model before it is gone. */
export interface ModelFacts {
  /** As an SVG, where it is one of layers. */
  readonly architecture?: string;
  readonly cost: Facts;
}

export function modelFacts(model: LayersModel): ModelFacts {
  const { flops } = costOf(model);
  return {
    architecture: renderPlot(model),
    cost: { parameters: model.countParams(), "million FLOPs a picture, forward": Math.round(flops / 1e5) / 10 },
  };
}

/** A run whose weights have named the test pictures. */
export interface Judged {
  readonly config: RunConfig;
  readonly dataset: Dataset;
  /** Of the model's pictures. */
  readonly channels: Network["channels"];
  /** What the run trained on. */
  readonly train: Split;
  readonly history: readonly HistoryRow[];
  /** [test pictures, classes] */
  readonly probabilities: Float32Array;
  readonly model: ModelFacts;
  /** The `.onnx` file with the weights that are kept. */
  readonly onnx: Uint8Array;
}

/** The further sections of a run's report. */
export async function detailsOf(judged: Judged): Promise<ReportDetails> {
  const { dataset, probabilities, model } = judged;
  const { labels, splits } = dataset;
  const { test } = splits;
  const worst = worstMistakes(probabilities, test.labels, labels.length, MISTAKES);
  const counts = Object.entries(splits).map(([name, split]) => [name, countsOf(split, labels.length)] as const);
  return {
    calibration: calibration(probabilities, test.labels, labels.length),
    ...(await explained(worst, judged)),
    data: {
      labels,
      counts: Object.fromEntries(counts),
      duplicates: dataset.duplicates,
      ...(dataset.alike && { near: await nearDuplicates(dataset) }),
    },
    contactSheet: await sheetOf(judged),
    cost: costFacts(judged),
    ...(model.architecture !== undefined && { architecture: model.architecture }),
  };
}

async function nearDuplicates(dataset: Dataset): Promise<NearDuplicates> {
  const { alike = [], splits, width, height } = dataset;
  const sets = alike.filter((set) => !set.identical && isLeak(set));
  const shown = await showSets(sets, SHOWN_SETS, async ({ name, split }) => {
    const from = splits[split]!; // in it the picture was found
    return pictureUrl(await from.read([from.names.indexOf(name)]), width, height);
  });
  return { count: sets.length, shown };
}

function costFacts({ model, train, history }: Judged): Facts {
  const seconds = history.reduce((sum, row) => sum + row.seconds, 0);
  const speed = (train.names.length * history.length) / seconds;
  const waiting = waitingShare(history);
  return {
    ...model.cost,
    ...(seconds > 0 && {
      "pictures a second, training": Math.round(speed * 10) / 10,
      "training time": duration(seconds),
      "an epoch": duration(seconds / history.length),
    }),
    ...(waiting !== undefined && { "of it waiting for pictures": `${(100 * waiting).toFixed(1)} %` }),
  };
}

function countsOf({ labels }: Split, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]! += 1;
  return counts;
}

/** The mistakes as pictures, with heat maps for what was said and for the truth where the model allows them. */
async function explained(
  worst: readonly Mistake[],
  { dataset, channels, onnx }: Judged,
): Promise<Pick<ReportDetails, "mistakes" | "heatMaps">> {
  const { labels, width, height, splits } = dataset;
  const rgb = worst.length === 0 ? new Uint8Array() : await splits.test.read(worst.map(({ index }) => index));
  const size = width * height;
  const heat = await heatMapsOf(onnx, worst, channels === 1 ? lumaOf(scaled(rgb)) : scaled(rgb), dataset);
  const pictureOf = (i: number): Uint8Array => rgb.subarray(i * size * 3, (i + 1) * size * 3);
  const under = ({ maps }: HeatMaps, i: number): Promise<string> => {
    const map = maps.subarray(i * size, (i + 1) * size);
    return pictureUrl(layOver(pictureOf(Math.floor(i / 2)), map), width, height);
  };
  const shown = worst.map(
    async ({ index, truth, predicted, confidence }, i): Promise<ShownMistake> => ({
      name: splits.test.names[index]!,
      truth: labels[truth]!,
      predicted: labels[predicted]!,
      confidence,
      picture: await pictureUrl(pictureOf(i), width, height),
      ...("maps" in heat && { maps: { predicted: await under(heat, 2 * i), truth: await under(heat, 2 * i + 1) } }),
    }),
  );
  return { mistakes: await Promise.all(shown), heatMaps: heat };
}

/** Two maps a mistake: of the class that was said, and of the true one; or why this model has none. */
async function heatMapsOf(
  onnx: Uint8Array,
  worst: readonly Mistake[],
  pictures: Float32Array,
  { width, height }: Dataset,
): Promise<HeatMaps | HeatMapSource> {
  if (worst.length === 0) return { missing: "there is no mistake" };
  const size = pictures.length / worst.length;
  const twice = new Float32Array(2 * pictures.length);
  for (let i = 0; i < 2 * worst.length; i++) {
    const picture = Math.floor(i / 2);
    twice.set(pictures.subarray(picture * size, (picture + 1) * size), i * size);
  }
  const classes = worst.flatMap(({ predicted, truth }) => [predicted, truth]);
  try {
    return await gradCam(onnx, { pictures: twice, width, height, classes, leastPlaces: PLACES });
  } catch (error) {
    if (!(error instanceof ResonnxError && error.code === "unsupported")) throw error;
    return { missing: error.facts.what };
  }
}

async function sheetOf({ config, dataset, channels, train }: Judged): Promise<string | undefined> {
  const recipe = config.recipe.augment;
  if (!recipe) return undefined;
  const { width, height } = dataset;
  const count = Math.min(COLUMNS, train.names.length);
  const indices = Array.from({ length: count }, (_, i) => Math.floor((i * train.names.length) / count)); // of all classes
  const options = { width, height, recipe, seed: config.seed, indices, epochs: ROWS };
  const sheet = contactSheet(await train.read(indices), options);
  return pictureUrl(sheet.rgb, sheet.width, sheet.height, channels === 1);
}

/** A u8 RGB picture as the `data:` URL of a JPEG. */
async function pictureUrl(rgb: Uint8Array, width: number, height: number, grey = false): Promise<string> {
  const { default: sharp } = await import("sharp");
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .grayscale(grey)
    .jpeg({ quality: 85 })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
}
