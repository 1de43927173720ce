import { basename, extname } from "node:path";
import { ResonnxError } from "@resonnx/base";
import type { RepeatResult, RunOptions } from "@resonnx/core";
import { defaultConfig } from "@resonnx/core/settings";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { flag, given, integer, text, withoutDefault } from "../command/option.ts";
import { withLive } from "../live/with-live.ts";
import { dataPath } from "../model/data-path.ts";
import { loadTfjs } from "../model/tfjs.ts";
import { repeatText } from "../terminal/repeat-text.ts";
import { runText, trainingProgress } from "../terminal/training-text.ts";
import { modelPath, readRecipe, titleOf } from "../training/inputs.ts";
import { DATA, lengthOptions, networkOptions } from "../training/network-options.ts";
import { runName } from "../training/run-name.ts";
import { transferOf, transferOptions } from "../training/transfer-options.ts";

/** A number of runs; one run when it isn't given. */
const count = (about: string) => withoutDefault(integer(2, about, { least: 2, most: 1000 }));
export const train = command({
  arguments: [],
  options: {
    ...networkOptions,
    data: text("folder", `${DATA}; a resumed run knows its own`),
    ...lengthOptions,
    ...transferOptions,
    out: text("folder", "the run folder, empty or missing (default: runs/{model}-{time})"),
    seeds: count("as many runs, each with a seed of its own, from --seed on"),
    folds: count("cross-validation: as many runs, each tested on its part of train and val"),
    saveStep: text("file", "also write the training step for other programs: step.onnx gives step.gradients.onnx etc."),
    saveMemory: flag("slower in less memory: compute activations again for the backward pass; the same result"),
    joinVal: flag("train on the validation split too"),
    resume: flag("go on with the run in --out"),
    live: flag("show the run while it goes on, on a page of this machine"),
    json,
  },
  examples: [
    "train --data pictures --out runs/mine",
    "train --data hand-signs --epochs 5 --live",
    "train --out runs/mine --resume",
    "train --data pictures --model resnet18-v2 --size 96 --recipe my.json --seeds 5",
    "train --data pictures --init runs/mine --freeze '^(?!fc)' --learning-rate 0.0003",
  ],
  async run({ options, io, signal, at }) {
    const {
      data,
      out,
      model: network,
      recipe: wanted,
      init,
      freeze,
      seeds,
      folds,
      joinVal,
      saveStep,
      resume,
      live,
      json: asJson,
      ...rest
    } = options;
    const path =
      out ??
      (resume
        ? undefined
        : runName(titleOf(network ?? (init && basename(init, extname(init))) ?? defaultConfig.model), new Date()));
    await loadTfjs(); // before the run does, so that it prints no banner
    const { runTraining } = await import("@resonnx/core");
    const run: RunOptions = {
      ...given(rest),
      ...(data !== undefined && { data: dataPath(data, at) }),
      ...(network !== undefined && { model: modelPath(network, at) }),
      ...(wanted !== undefined && { recipe: await readRecipe(wanted, at) }),
      ...transferOf({ init, freeze }, at),
      ...(path !== undefined && { out: at(path) }),
      ...(saveStep !== undefined && { saveStep: at(saveStep) }),
      ...(joinVal && { joinVal }), // a resumed run knows it without being told
      resume,
      signal,
      onProgress: trainingProgress(io),
    };
    const title = `${titleOf(network ?? defaultConfig.model)} on ${data ?? path}`;
    const told = <T>(work: (run: RunOptions) => Promise<T>, outcome: (done: T) => string): Promise<T> =>
      live ? withLive(run, { title, io }, work, outcome) : work(run);
    if (seeds === undefined && folds === undefined) {
      const done = await told(
        runTraining,
        ({ evaluation: { correct, count }, folder }) =>
          `${correct} of ${count} test pictures are named right; the report lies in ${folder}.`,
      );
      io.out(result(asJson, done, () => runText(done)));
    } else {
      const done = await told(
        (each) => repeated(each, seeds, folds),
        ({ folder }) => `The runs lie in ${folder}.`,
      );
      io.out(result(asJson, done, () => repeatText(done)));
    }
    return "done";
  },
});

/** Throws `bad-input` for both at once, and for --resume without a folder. */
async function repeated(run: RunOptions, seeds: number | undefined, folds: number | undefined): Promise<RepeatResult> {
  const { runFolds, runSeeds } = await import("@resonnx/core");
  const { out } = run;
  if (out === undefined)
    throw new ResonnxError("bad-input", {
      where: "--resume",
      what: "which runs?",
      hint: "name their folder with --out",
    });
  if (seeds === undefined) return runFolds({ ...run, out }, folds!);
  if (folds === undefined) return runSeeds({ ...run, out }, seeds);
  throw new ResonnxError("bad-input", { where: "--folds", what: "can't be given together with --seeds" });
}
