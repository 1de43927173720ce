import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";
import type { LayersModel } from "@tensorflow/tfjs";
import type { Dataset } from "../../../data/dataset.ts";
import { modelFromTopology } from "../../../models/from-topology.ts";
import { type BuildModel, checkNetwork, networkNamed } from "../../../models/network.ts";
import { defaultConfig, type RunConfig } from "./options.ts";

/** What makes a run's network, and the size of the pictures that it takes. */
export interface Network {
  readonly build: BuildModel;
  readonly width: number;
  readonly height: number;
}

/** The network of a configuration, or the one that was given. Throws `bad-input` or `not-found`. */
export async function networkOf(config: RunConfig, given: BuildModel | undefined): Promise<Network> {
  const { model, size } = config;
  if (given || !isFile(model)) return { build: given ?? networkNamed(model), width: size, height: size };
  const json = await readFile(model, "utf8").catch((cause: unknown) => {
    throw new ResonnxError("not-found", { where: model, what: `can't be read: ${reasonOf(cause)}`, cause });
  });
  const build: BuildModel = () => modelFromTopology(json, config.seed, model);
  const sample = await modelFromTopology(json, config.seed, model);
  const [, height, width] = sample.inputs[0]?.shape ?? [];
  sample.dispose();
  return { build, width: width ?? size, height: height ?? size };
}

const isFile = (model: string): boolean => extname(model).toLowerCase() === ".json";

/** The untrained model for these pictures. Throws `bad-input` when it doesn't fit them. */
export async function buildModel({ build }: Network, dataset: Dataset, config: RunConfig): Promise<LayersModel> {
  const { width, height, labels } = dataset;
  const { name, batchNormMomentum } = config.recipe;
  // The tutorial gives every kernel seed 0; other runs draw a seed for each.
  const seed = name === "tutorial" && config.seed === defaultConfig.seed ? undefined : config.seed;
  const facts = { width, height, classes: labels.length, seed, batchNormMomentum };
  const model = await build(facts);
  checkNetwork(model, facts, config.model);
  return model;
}
