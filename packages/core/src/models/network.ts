import { ResonnxError } from "@resonnx/base";
import type { LayersModel } from "@tensorflow/tfjs";
import type { Depth, Form } from "./architecture.ts";
import { happyModel } from "./happy-model.ts";
import { MODEL_NAMES, type OTHER_NAMES, RESNETS } from "./model-names.ts";
import type { NetworkOptions } from "./network-options.ts";
import { resnet } from "./resnet.ts";
import { tutorialResNet } from "./tutorial-resnet.ts";

/** What a network for labelled pictures depends on. */
export interface NetworkFacts {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** 3 by default; 1 takes pictures in grey. */
  readonly channels?: 1 | 3;
  readonly classes: number;
  /** Fixes the weights; without one the tutorial's own seeds are taken where a network has them. */
  readonly seed?: number | undefined;
  /** Share of the batch normalizations' moving averages that a training step keeps. */
  readonly batchNormMomentum: number;
  /** Where the scale of the last normalization in each residual block starts; 1 by default. */
  readonly residualScale?: number | undefined;
}

/** Makes a network with one input [n, height, width, channels], RGB or grey in [0, 1], and one output [n, classes], probabilities. */
export type BuildModel = (facts: NetworkFacts) => LayersModel | Promise<LayersModel>;

/** The tutorial's HappyModel. */
const others: Readonly<Record<(typeof OTHER_NAMES)[number], BuildModel>> = {
  happyModel: (facts) => happyModel(optionsOf(facts)),
};

/** Every network by its name. */
const networks: Readonly<Record<string, BuildModel>> = {
  ...Object.fromEntries(RESNETS.map(({ name, depth, form }) => [name, resNetOf(depth, form)])),
  ...others,
};

function resNetOf(depth: Depth, form: Form | undefined): BuildModel {
  if (form === undefined) return (facts) => tutorialResNet({ ...optionsOf(facts), depth });
  return (facts) => resnet({ ...optionsOf(facts), depth, form });
}

const optionsOf = ({ width, height, channels = 3, ...facts }: NetworkFacts): NetworkOptions => ({
  ...facts,
  inputShape: [height, width, channels],
});

/** Throws `bad-input` for an unknown name. */
export function networkNamed(name: string): BuildModel {
  const build = Object.hasOwn(networks, name) ? networks[name] : undefined;
  if (build) return build;
  const wanted = `${MODEL_NAMES.join(", ")} or a .json file`;
  throw new ResonnxError("bad-input", { where: "--model", what: "unknown", got: name, wanted });
}

/** Throws `bad-input` unless the model takes such pictures and tells that many classes apart. */
export function checkNetwork(model: LayersModel, facts: NetworkFacts, where: string): void {
  const { width, height, channels = 3, classes } = facts;
  const [got, wanted] = [signature(model), `[null,${height},${width},${channels}] -> [null,${classes}]`];
  const open = `[null,null,null,${channels}] -> [null,${classes}]`; // pictures of any size
  if (got === wanted || got === open) return;
  throw new ResonnxError("bad-input", { where, what: "the model doesn't fit the pictures and classes", got, wanted });
}

const signature = ({ inputs, outputs }: LayersModel): string =>
  [inputs, outputs].map((tensors) => tensors.map(({ shape }) => JSON.stringify(shape)).join(" ")).join(" -> ");
