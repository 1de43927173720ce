import { basename, join } from "node:path";
import { type ModelMetadata, ResonnxError } from "@resonnx/base";
import { artifactsOf, exportModel, writeArtifacts, writeAtomic } from "@resonnx/export";
import { writeKerasH5 } from "@resonnx/keras";
import { OnnxModel } from "@resonnx/onnx";
import type { io, LayersModel } from "@tensorflow/tfjs";
import type { TrainableModel, TrainingState } from "../../../engines/engine.ts";
import { type ModelFacts, modelFacts } from "./details.ts";
import { kerasCompile } from "./keras-compile.ts";
import type { RunConfig } from "./options.ts";
import type { RunFolder } from "./run-folder.ts";

/** What is written of a model with the weights to keep. */
interface Written {
  readonly config: RunConfig;
  readonly state: TrainingState;
  readonly metadata: ModelMetadata;
}

/** A run's model by its kind: what is known of it before training, and the files that it becomes. */
export interface ModelForms {
  readonly facts: ModelFacts;
  /** The `.onnx` file, which is in the folder then, and the paths of all forms. */
  write(folder: RunFolder, written: Written): Promise<{ readonly onnx: Uint8Array; readonly files: readonly string[] }>;
}

/** Copies what it needs: the model may go. */
export const modelForms = (model: TrainableModel): Promise<ModelForms> =>
  model instanceof OnnxModel ? onnxForms(model) : layersForms(model);

/** What a model is called: its name, or that of its file without folder and ending. */
export const titleOf = (model: string): string => basename(model).replace(/\.json$/i, "");

/** The name of the Keras file; the tutorial's own for its own network. */
const kerasFile = (model: string): string => (model === "resnet50" ? "ResNet50-1.h5" : `${titleOf(model)}.h5`);

async function layersForms(model: LayersModel): Promise<ModelForms> {
  const { weightData: _, ...untrained } = await artifactsOf(model);
  return {
    facts: modelFacts(model),
    async write(folder, { config, state, metadata }) {
      const artifacts = withWeights(untrained, state);
      const keras = join(folder.path, kerasFile(config.model));
      const { bytes } = await exportModel(artifacts, { metadata, where: titleOf(config.model) });
      await folder.write("onnx", bytes);
      await writeArtifacts(folder.file("tfjs"), artifacts);
      await writeAtomic(keras, await writeKerasH5(artifacts, { compile: kerasCompile(config, state) }));
      return { onnx: bytes, files: [folder.file("onnx"), join(folder.file("tfjs"), "model.json"), keras] };
    },
  };
}

/** The model of an `.onnx` file stays one; tfjs and Keras have no layers for it. */
async function onnxForms(model: OnnxModel): Promise<ModelForms> {
  const { pictures, parameters } = model;
  return {
    facts: { cost: { parameters } },
    async write(folder, { config, state, metadata }) {
      const source = { format: "onnx", name: titleOf(config.model) };
      const onnx = model.toBytes(state.arrays, { ...metadata, ...(pictures && { preprocessing: pictures }), source });
      await folder.write("onnx", onnx);
      return { onnx, files: [folder.file("onnx")] };
    },
  };
}

/** The artifacts with the state's weights, in one buffer in the order of their specs. */
export function withWeights(artifacts: io.ModelArtifacts, { arrays }: TrainingState): io.ModelArtifacts {
  const weights = (artifacts.weightSpecs ?? []).map(({ name }) => {
    const array = arrays[name];
    if (!array)
      throw new ResonnxError("internal", { where: name, what: "the training state lacks a weight of the model" });
    return array.data;
  });
  const data = new Float32Array(weights.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of weights) {
    data.set(array, at);
    at += array.length;
  }
  return { ...artifacts, weightData: data.buffer };
}
