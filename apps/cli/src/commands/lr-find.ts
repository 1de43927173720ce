import type { FoundRate } from "@resonnx/core";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { given, integer, positive, text } from "../command/option.ts";
import { dataPath } from "../model/data-path.ts";
import { loadTfjs } from "../model/tfjs.ts";
import { progress } from "../terminal/progress.ts";
import { table } from "../terminal/table.ts";
import { modelPath, readRecipe } from "../training/inputs.ts";
import { networkOptions } from "../training/network-options.ts";
import { transferOf, transferOptions } from "../training/transfer-options.ts";

/** Rows of the table, of which a curve of a hundred points is thinned out. */
const ROWS = 20;

export const lrFind = command({
  arguments: [],
  options: {
    ...networkOptions,
    ...transferOptions,
    from: positive(1e-5, "the first learning rate"),
    to: positive(1, "the last one"),
    steps: integer(100, "steps between them", { least: 10, most: 10_000 }),
    plot: text("file.svg", "draw the curve"),
    json,
  },
  examples: [
    "lr-find --data pictures --plot rates.svg",
    "lr-find --data hand-signs --model resnet18 --steps 50 --json",
  ],
  async run({ options, io, signal, at }) {
    const { data, model, recipe, init, freeze, plot, json: asJson, ...rest } = options;
    await loadTfjs(); // before the search does, so that it prints no banner
    const { rateChart, searchLearningRate } = await import("@resonnx/core");
    const { writeAtomic } = await import("@resonnx/export");
    const found = await searchLearningRate({
      ...given(rest),
      data: dataPath(data, at),
      ...(model !== undefined && { model: modelPath(model, at) }),
      ...(recipe !== undefined && { recipe: await readRecipe(recipe, at) }),
      ...transferOf({ init, freeze }, at),
      signal,
      onProgress: progress(io, "steps"),
    });
    if (plot !== undefined) await writeAtomic(at(plot), await rateChart(found));
    io.out(result(asJson, found, () => foundText(found)));
    return "done";
  },
});

function foundText({ points, suggestion, steepest, lowest }: FoundRate): string {
  const every = Math.ceil(points.length / ROWS);
  const rows = points
    .filter((_, i) => i % every === 0)
    .map(({ rate, loss, smoothed }) => [rate.toExponential(2), loss.toFixed(4), smoothed.toFixed(4)]);
  return [
    table(["Rate", "Loss", "Smoothed"], rows),
    `--learning-rate ${suggestion.toPrecision(2)}: the middle of the longest fall (fastai's valley)`,
    `the loss falls fastest at ${steepest.toPrecision(2)} and is lowest at ${lowest.toPrecision(2)}, which is too much already`,
  ].join("\n\n");
}
