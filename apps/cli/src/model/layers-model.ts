import { extname } from "node:path";
import { parseJson } from "@resonnx/base";
import type { LayersModel } from "@tensorflow/tfjs";
import { readBytes } from "./model-file.ts";
import { readSource } from "./source.ts";
import { loadTfjs } from "./tfjs.ts";

/** Classes that a network is drawn with when none are given: as many as the hand signs have. */
const CLASSES = 6;

/**
 * The architecture in a tfjs or Keras file, as a model with other weights than the file's, and the file's format: tfjs can't
 * load the weights of two layers of one name in models inside the model. Throws as reading it does, `unsupported` for layers
 * that tfjs has not.
 */
export async function readLayersModel(file: string): Promise<{ model: LayersModel; format: string }> {
  const { topology, format } = await readTopology(file);
  await loadTfjs();
  const { modelFromTopology } = await import("@resonnx/core");
  return { model: await modelFromTopology(topology, 0, file), format };
}

/** The network of a name that `--model` takes, as training begins with it. */
export async function namedModel(name: string): Promise<LayersModel> {
  await loadTfjs();
  const { defaultConfig, networkNamed } = await import("@resonnx/core");
  const { size, channels, recipe } = defaultConfig;
  const { batchNormMomentum } = recipe;
  return networkNamed(name)({ width: size, height: size, channels, classes: CLASSES, batchNormMomentum });
}

/** A model's JSON, out of what may lie around it. */
async function readTopology(file: string): Promise<{ topology: string; format: string }> {
  if (extname(file).toLowerCase() === ".json") {
    const text = new TextDecoder().decode(await readBytes(file));
    if (isTopology(parseJson(text, file))) return { topology: text, format: "topology" };
  }
  const { artifacts, source } = await readSource(file);
  return { topology: JSON.stringify(artifacts.modelTopology), format: source.format };
}

/** Whether it is a model's JSON alone, without what tfjs' `model.json` has around it. */
const isTopology = (json: unknown): boolean =>
  typeof json === "object" && json !== null && ("class_name" in json || "model_config" in json);
