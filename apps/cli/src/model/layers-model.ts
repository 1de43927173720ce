import type { LayersModel } from "@tensorflow/tfjs";
import { readSource } from "./source.ts";
import { loadTfjs } from "./tfjs.ts";

/** A model with layers from a tfjs or Keras file, and the file's format. Throws as reading it does. */
export async function readLayersModel(file: string): Promise<{ model: LayersModel; format: string }> {
  const { artifacts, source } = await readSource(file);
  const tf = await loadTfjs();
  return { model: await tf.loadLayersModel(tf.io.fromMemory(artifacts)), format: source.format };
}
