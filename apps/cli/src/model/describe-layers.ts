import type { LayersModel } from "@tensorflow/tfjs";
import { readLayersModel } from "./layers-model.ts";

/** What `inspect --json` prints of a model with layers; `null` is a size that is left open. */
export interface LayersDescription {
  readonly format: string;
  readonly name: string;
  readonly inputs: readonly NamedShape[];
  readonly outputs: readonly NamedShape[];
  readonly layers: readonly { readonly name: string; readonly type: string; readonly parameters: number }[];
  readonly parameters: number;
  readonly trainableParameters: number;
}

interface NamedShape {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

/** A model with layers, as facts and as the table that Keras prints. Throws as reading it does. */
export async function describeLayers(file: string): Promise<{ facts: LayersDescription; text: string }> {
  const { summary } = await import("@resonnx/core");
  const { model, format } = await readLayersModel(file);
  const facts = {
    format,
    name: model.name,
    inputs: shapesOf(model.inputs),
    outputs: shapesOf(model.outputs),
    layers: model.layers.map((layer) => ({
      name: layer.name,
      type: layer.getClassName(),
      parameters: layer.countParams(),
    })),
    parameters: model.countParams(),
    trainableParameters: model.trainableWeights.reduce((sum, weight) => sum + weight.read().size, 0),
  };
  const text = summary(model);
  model.dispose();
  return { facts, text };
}

/** By their layers' names, which Sequential models have too. */
const shapesOf = (tensors: LayersModel["inputs"]): NamedShape[] =>
  tensors.map(({ sourceLayer, shape }) => ({ name: sourceLayer.name, shape }));
