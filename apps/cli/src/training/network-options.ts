import { ResonnxError } from "@resonnx/base";
import { DEVICES, defaultConfig, ENGINE_NAMES, MODEL_NAMES, optimizerName, recipes } from "@resonnx/core/settings";
import { type OptimizerName, optimizers } from "@resonnx/onnx";
import { group } from "../command/group.ts";
import { choice, integer, type Option, optional, positive, requiredText, text } from "../command/option.ts";

const MAX_SEED = 2 ** 32 - 1;
const OPTIMIZERS = Object.keys(optimizers) as OptimizerName[]; // its own keys
const { model, engine, device, size, channels, epochs, batchSize, learningRate, optimizer, recipe, seed } =
  defaultConfig;

/** Colours or grey: `checkConfig` knows no other. */
const channelsOption: Option<1 | 3> = {
  value: "n",
  about: "3 for RGB pictures, 1 for grey ones; a model file has its own",
  fallback: channels,
  parse(given, where) {
    if (given === "1" || given === "3") return given === "1" ? 1 : 3;
    throw new ResonnxError("bad-input", { where, what: "not usable", got: given, wanted: "1 or 3" });
  },
};

export const DATA = "labelled pictures: a folder, a .zip or .tar, an .h5 or .npz file, or hand-signs";

/** The options of whatever trains. One without a value is left to the run: a new one has defaults, a resumed one its own. */
export const networkOptions = {
  data: requiredText("folder", DATA),
  group,
  model: text(
    "name|file",
    `the network (default: ${model}): a .json file of tfjs or Keras, or ${MODEL_NAMES.join(", ")}`,
  ),
  engine: optional(choice(engine, ["auto", ...ENGINE_NAMES], "what trains")),
  device: optional(choice(device, ["auto", ...DEVICES], "where")),
  size: optional(integer(size, "pixels of a side of the pictures; a model file has its own", { most: 4096 })),
  channels: optional(channelsOption),
  batchSize: optional(integer(batchSize, "pictures a step", { least: 2, most: 4096 })),
  optimizer: optional(
    choice(optimizerName(optimizer), OPTIMIZERS, "the optimizer, with the recipe's options if it is the recipe's"),
  ),
  recipe: text(
    "name|file",
    `augmentation, schedule and more (default: ${recipe.name}): ${Object.keys(recipes).join(", ")}, or a .json file`,
  ),
  seed: optional(integer(seed, "fixes weights, order and augmentation", { least: 0, most: MAX_SEED })),
};

/** The further ones of a whole training. */
export const lengthOptions = {
  epochs: optional(integer(epochs, "times that every picture is seen")),
  learningRate: optional(positive(learningRate, "the largest of the schedule")),
};
