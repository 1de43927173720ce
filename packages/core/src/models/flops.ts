import type * as tf from "@tensorflow/tfjs";
import type { Layer } from "./upstream.ts";

/** What a forward pass of one picture costs. */
export interface Cost {
  /** Multiplications and additions of the convolutions and dense layers, two for each weight and place where it is used. */
  readonly flops: number;
  /** Classes of layers that have weights besides and aren't counted: normalizations, recurrent ones. */
  readonly uncounted: readonly string[];
}

type Sizes = readonly number[];

/** At how many places a kernel is used, by the layer's class; each output position has its own product with the kernel. */
const PLACES: Readonly<Record<string, (output: Sizes, input: Sizes) => number>> = {
  Conv1D: (output) => product(output.slice(0, -1)),
  Conv2D: (output) => product(output.slice(0, -1)),
  Conv3D: (output) => product(output.slice(0, -1)),
  DepthwiseConv2D: (output) => product(output.slice(0, -1)),
  SeparableConv2D: (output) => product(output.slice(0, -1)),
  Conv2DTranspose: (_, input) => product(input.slice(0, -1)),
  Conv3DTranspose: (_, input) => product(input.slice(0, -1)),
  Dense: (output) => product(output.slice(0, -1)),
};

/** The cost of a model; every unknown size but the batch counts as 1. Models inside are counted as they are called. */
export function costOf(model: Pick<tf.LayersModel, "nodesByDepth">): Cost {
  const uncounted = new Set<string>();
  let flops = 0;
  for (const node of Object.values(model.nodesByDepth).flat()) {
    const layer = node.outboundLayer;
    if (isModel(layer)) {
      const inner = costOf(layer);
      flops += inner.flops;
      for (const name of inner.uncounted) uncounted.add(name);
      continue;
    }
    const places = PLACES[layer.getClassName()];
    const kernels = layer.weights.filter(({ originalName }) => /kernel$/.test(originalName));
    if (!places && layer.weights.length > 0) uncounted.add(layer.getClassName());
    const [output = [], input = []] = [node.outputShapes, node.inputShapes].map((shapes) => sizes(shapes[0]));
    if (places) flops += 2 * places(output, input) * kernels.reduce((sum, { shape }) => sum + product(sizes(shape)), 0);
  }
  return { flops, uncounted: [...uncounted] };
}

const isModel = (layer: Layer): layer is Layer & Pick<tf.LayersModel, "nodesByDepth"> => "nodesByDepth" in layer;

/** All sizes of a weight; those behind the batch of a tensor, whose batch is open. */
const sizes = (shape: unknown): number[] =>
  Array.isArray(shape) ? shape.filter((_, axis) => axis > 0 || shape[0] !== null).map((size) => Number(size ?? 1)) : [];

const product = (values: Sizes): number => values.reduce((a, b) => a * b, 1);
