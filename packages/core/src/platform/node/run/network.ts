import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { type ChannelOrder, ResonnxError, reasonOf } from "@resonnx/base";
import { OnnxModel } from "@resonnx/onnx";
import type { Dataset } from "../../../data/dataset.ts";
import type { Engine, EngineName, TrainableModel, TrainingSession } from "../../../engines/engine.ts";
import { inGrey } from "../../../engines/in-grey.ts";
import { modelFromTopology } from "../../../models/from-topology.ts";
import { type BuildModel, checkNetwork, type NetworkFacts, networkNamed } from "../../../models/network.ts";
import { pictureSizeOf, transferred } from "../../../models/transfer.ts";
import { onnxPictures, transferredOnnx } from "../../../models/transfer-onnx.ts";
import { checkWeightRules } from "../../../train/weight-patterns.ts";
import { chooseEngine } from "../choose-engine.ts";
import { defaultConfig, type RunConfig } from "./options.ts";
import { findPretrained, readPretrained } from "./pretrained.ts";

/** What makes a run's network, and the size of the pictures that it takes. */
export interface Network {
  readonly build: (facts: NetworkFacts, labels: readonly string[]) => TrainableModel | Promise<TrainableModel>;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** The only engine that trains it, where not all do. */
  readonly engine?: EngineName;
}

/** What a model's pictures are made of, by their channels. */
export const CHANNEL_ORDERS: { readonly [C in Network["channels"]]: ChannelOrder } = { 1: "gray", 3: "rgb" };

/** The network of a configuration, or the one that was given. Throws `bad-input` or `not-found`. */
export async function networkOf(config: RunConfig, given: BuildModel | undefined): Promise<Network> {
  const { model, size, channels, init } = config;
  if (init !== null) return pretrainedNetwork(init, config);
  if (given || !isFile(model)) return { build: given ?? networkNamed(model), width: size, height: size, channels };
  const json = new TextDecoder().decode(await readModel(model));
  const build: BuildModel = () => modelFromTopology(json, config.seed, model);
  const sample = await modelFromTopology(json, config.seed, model);
  const [, height, width, depth] = sample.inputs[0]?.shape ?? [];
  sample.dispose();
  return { build, width: width ?? size, height: height ?? size, channels: depth === 1 ? 1 : 3 };
}

/** The session as the loop uses it, which has RGB pictures. */
export const seeing = ({ channels }: Network, session: TrainingSession): TrainingSession =>
  channels === 1 ? inGrey(session) : session;

/** The engine of a configuration, which for `auto` is one that trains this network. */
export const engineFor = ({ engine }: Network, config: RunConfig): Promise<Engine> =>
  chooseEngine(engine && config.engine === "auto" ? { ...config, engine } : config);

/** Once a session has its own weights. */
export function disposeModel(model: TrainableModel): void {
  if (!(model instanceof OnnxModel)) model.dispose();
}

async function pretrainedNetwork(init: string, config: RunConfig): Promise<Network> {
  const { size, seed } = config;
  const found = await findPretrained(init);
  if (found.isOnnx) return onnxNetwork(await readModel(found.file), init, config);
  const pretrained = await readPretrained(found);
  const { width = size, height = size, channels } = await pictureSizeOf(pretrained, init);
  const build: Network["build"] = (_, labels) => transferred(pretrained, { labels, seed, where: init });
  return { build, width, height, channels: channels === 1 ? 1 : 3 };
}

function onnxNetwork(bytes: Uint8Array, where: string, { size, seed }: RunConfig): Network {
  const { width, height, channelOrder } = onnxPictures(bytes, size, where);
  const build: Network["build"] = (_, labels) => transferredOnnx(bytes, { labels, seed, where, size });
  return { build, width, height, channels: channelOrder === "gray" ? 1 : 3, engine: "onnx" };
}

const readModel = (file: string): Promise<Uint8Array> =>
  readFile(file).catch((cause: unknown) => {
    throw new ResonnxError("not-found", { where: file, what: `can't be read: ${reasonOf(cause)}`, cause });
  });

const isFile = (model: string): boolean => extname(model).toLowerCase() === ".json";

/** The untrained model for these pictures. Throws `bad-input` when it doesn't fit them, or the configuration's patterns not it. */
export async function buildModel(
  { build, channels }: Network,
  dataset: Dataset,
  config: RunConfig,
): Promise<TrainableModel> {
  const { width, height, labels } = dataset;
  const { name, batchNormMomentum, residualScale } = config.recipe;
  // The tutorial gives every kernel seed 0; other runs draw a seed for each.
  const seed = name === "tutorial" && config.seed === defaultConfig.seed ? undefined : config.seed;
  const facts = { width, height, channels, classes: labels.length, seed, batchNormMomentum, residualScale };
  const model = await build(facts, labels);
  if (!(model instanceof OnnxModel)) checkNetwork(model, facts, config.init ?? config.model);
  checkWeightRules({ freeze: config.freeze, rates: config.recipe.rates }, weightsOf(model));
  return model;
}

/** The names of the weights that training may move. */
const weightsOf = (model: TrainableModel): readonly string[] =>
  model instanceof OnnxModel ? model.weightNames : model.trainableWeights.map(({ originalName }) => originalName);
