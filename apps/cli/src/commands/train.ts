import { ResonnxError } from "@resonnx/base";
import {
  DEVICES,
  defaultConfig,
  ENGINE_NAMES,
  MODEL_NAMES,
  type RepeatResult,
  type RunOptions,
  recipes,
  runFolds,
  runSeeds,
  runTraining,
} from "@resonnx/core";
import { type OptimizerName, optimizers } from "@resonnx/onnx";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import {
  choice,
  flag,
  given,
  integer,
  optional,
  positive,
  requiredText,
  text,
  withoutDefault,
} from "../command/option.ts";
import { dataPath } from "../model/data-path.ts";
import { loadTfjs } from "../model/tfjs.ts";
import { repeatText } from "../terminal/repeat-text.ts";
import { runText, trainingProgress } from "../terminal/training-text.ts";
import { modelPath, readRecipe, titleOf } from "../training/inputs.ts";
import { runName } from "../training/run-name.ts";

const MAX_SEED = 2 ** 32 - 1;
const names = <T extends string>(table: Readonly<Record<T, unknown>>): readonly T[] => Object.keys(table) as T[];
const { model, engine, device, size, epochs, batchSize, learningRate, optimizer, recipe, seed } = defaultConfig;

/** A number of runs; one run when it isn't given. */
const count = (about: string) => withoutDefault(integer(2, about, { least: 2, most: 1000 }));
const RECIPES = Object.keys(recipes).join(", ");

/** Options without a value are left to the run: a new one has defaults, a resumed one goes on with its own. */
export const train = command({
  arguments: [],
  options: {
    data: requiredText("folder", "labelled pictures: a folder, an .h5 or .npz file, or hand-signs"),
    out: text("folder", "the run folder, empty or missing (default: runs/{model}-{time})"),
    model: text(
      "name|file",
      `the network (default: ${model}): a .json file of tfjs or Keras, or ${MODEL_NAMES.join(", ")}`,
    ),
    engine: optional(choice(engine, ["auto", ...ENGINE_NAMES], "what trains")),
    device: optional(choice(device, ["auto", ...DEVICES], "where")),
    size: optional(integer(size, "pixels of a side of the pictures; a model file has its own", { most: 4096 })),
    epochs: optional(integer(epochs, "times that every picture is seen")),
    batchSize: optional(integer(batchSize, "pictures a step", { least: 2, most: 4096 })),
    learningRate: optional(positive(learningRate, "the largest of the schedule")),
    optimizer: optional(choice(optimizer, names<OptimizerName>(optimizers), "the optimizer")),
    recipe: text("name|file", `augmentation, schedule and more (default: ${recipe.name}): ${RECIPES}, or a .json file`),
    seed: optional(integer(seed, "fixes weights, order and augmentation", { least: 0, most: MAX_SEED })),
    seeds: count("as many runs, each with a seed of its own, from --seed on"),
    folds: count("cross-validation: as many runs, each tested on its part of train and val"),
    saveStep: text("file", "also write the training step for other programs: step.onnx gives step.gradients.onnx etc."),
    joinVal: flag("train on the validation split too"),
    resume: flag("go on with the run in --out"),
    json,
  },
  examples: [
    "train --data pictures --out runs/mine",
    "train --data hand-signs --epochs 5",
    "train --data pictures --out runs/mine --resume",
    "train --data pictures --model resnet18-v2 --size 96 --recipe my.json --seeds 5",
  ],
  async run({ options, io, signal, at }) {
    const {
      data,
      out,
      model: network,
      recipe: wanted,
      seeds,
      folds,
      joinVal,
      saveStep,
      resume,
      json: asJson,
      ...rest
    } = options;
    const path = out ?? (resume ? undefined : runName(titleOf(network ?? model), new Date()));
    await loadTfjs(); // before the run does, so that it prints no banner
    const run: RunOptions = {
      ...given(rest),
      data: dataPath(data, at),
      ...(network !== undefined && { model: modelPath(network, at) }),
      ...(wanted !== undefined && { recipe: await readRecipe(wanted, at) }),
      ...(path !== undefined && { out: at(path) }),
      ...(saveStep !== undefined && { saveStep: at(saveStep) }),
      ...(joinVal && { joinVal }), // a resumed run knows it without being told
      resume,
      signal,
      onProgress: trainingProgress(io),
    };
    if (seeds === undefined && folds === undefined) {
      const done = await runTraining(run);
      io.out(result(asJson, done, () => runText(done)));
    } else {
      const done = await repeated(run, seeds, folds);
      io.out(result(asJson, done, () => repeatText(done)));
    }
    return "done";
  },
});

/** Throws `bad-input` for both at once, and for --resume without a folder. */
function repeated(run: RunOptions, seeds: number | undefined, folds: number | undefined): Promise<RepeatResult> {
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
