import type { LayersModel } from "@tensorflow/tfjs";
import { readSource } from "./source.ts";
import { loadTfjs } from "./tfjs.ts";

/**
 * The architecture in a tfjs or Keras file, as a model with other weights than the file's, and the file's format: tfjs can't
 * load the weights of two layers of one name in models inside the model. Throws as reading it does, `unsupported` for layers
 * that tfjs has not.
 */
export async function readLayersModel(file: string): Promise<{ model: LayersModel; format: string }> {
  const { artifacts, source } = await readSource(file);
  await loadTfjs();
  const { modelFromTopology } = await import("@resonnx/core");
  const model = await modelFromTopology(JSON.stringify(artifacts.modelTopology), 0, file);
  return { model, format: source.format };
}
