import { DEVICES, defaultConfig, ENGINE_NAMES, type RecipeName, recipes, runTraining } from "@resonnx/core";
import { type OptimizerName, optimizers } from "@resonnx/onnx";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { choice, flag, given, integer, optional, positive, requiredText, text } from "../command/option.ts";
import { dataPath } from "../model/data-path.ts";
import { loadTfjs } from "../model/tfjs.ts";
import { runText, trainingProgress } from "../terminal/training-text.ts";
import { runName } from "../training/run-name.ts";

const MAX_SEED = 2 ** 32 - 1;
const names = <T extends string>(table: Readonly<Record<T, unknown>>): readonly T[] => Object.keys(table) as T[];
const { model, engine, device, epochs, batchSize, learningRate, optimizer, recipe, seed } = defaultConfig;

/** Options without a value are left to the run: a new one has defaults, a resumed one goes on with its own. */
export const train = command({
  arguments: [],
  options: {
    data: requiredText("folder", "labelled pictures: a folder, an .h5 or .npz file, or hand-signs"),
    out: text("folder", "the run folder, empty or missing (default: runs/{model}-{time})"),
    model: optional(choice(model, ["resnet50"], "the network")),
    engine: optional(choice(engine, ["auto", ...ENGINE_NAMES], "what trains")),
    device: optional(choice(device, ["auto", ...DEVICES], "where")),
    epochs: optional(integer(epochs, "times that every picture is seen")),
    batchSize: optional(integer(batchSize, "pictures a step", { least: 2, most: 4096 })),
    learningRate: optional(positive(learningRate, "the largest of the schedule")),
    optimizer: optional(choice(optimizer, names<OptimizerName>(optimizers), "the optimizer")),
    recipe: optional(choice(recipe, names<RecipeName>(recipes), "augmentation, schedule and which weights are kept")),
    seed: optional(integer(seed, "fixes weights, order and augmentation", { least: 0, most: MAX_SEED })),
    joinVal: flag("train on the validation split too"),
    resume: flag("go on with the run in --out"),
    json,
  },
  examples: [
    "train --data pictures --out runs/mine",
    "train --data hand-signs --epochs 5",
    "train --data pictures --out runs/mine --resume",
  ],
  async run({ options: { data, out, joinVal, resume, json: asJson, ...options }, io, signal, at }) {
    const folder = out ?? (resume ? undefined : runName(options.model ?? model, new Date()));
    await loadTfjs(); // before the run does, so that it prints no banner
    const run = await runTraining({
      ...given(options),
      data: dataPath(data, at),
      ...(folder !== undefined && { out: at(folder) }),
      ...(joinVal && { joinVal }), // a resumed run knows it without being told
      resume,
      signal,
      onProgress: trainingProgress(io),
    });
    io.out(result(asJson, run, () => runText(run)));
    return "done";
  },
});
