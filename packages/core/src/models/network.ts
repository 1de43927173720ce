import { ResonnxError } from "@resonnx/base";
import type { LayersModel } from "@tensorflow/tfjs";
import { DEPTHS, type Depth } from "./architecture.ts";
import { happyModel } from "./happy-model.ts";
import type { NetworkOptions } from "./network-options.ts";
import { FORMS, type Form, resnet } from "./resnet.ts";
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

/** Every depth in the tutorial's form as `resnet50`, in the standard ones as `resnet50-v1`, and the tutorial's HappyModel. */
const networks: Readonly<Record<string, BuildModel>> = {
  ...namedResNets(),
  happyModel: (facts) => happyModel(optionsOf(facts)),
};

function namedResNets(): Record<string, BuildModel> {
  const entries = Object.keys(DEPTHS).flatMap((key) => {
    const depth = Number(key) as Depth;
    const tutorial: BuildModel = (facts) => tutorialResNet({ ...optionsOf(facts), depth });
    const standard = Object.keys(FORMS).map((form): [string, BuildModel] => [
      `resnet${depth}-${form}`,
      (facts) => resnet({ ...optionsOf(facts), depth, form: form as Form }),
    ]);
    return [[`resnet${depth}`, tutorial] as [string, BuildModel], ...standard];
  });
  return Object.fromEntries(entries);
}

const optionsOf = ({ width, height, channels = 3, ...facts }: NetworkFacts): NetworkOptions => ({
  ...facts,
  inputShape: [height, width, channels],
});

/** What `--model` takes besides files. */
export const MODEL_NAMES: readonly string[] = Object.keys(networks);

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
