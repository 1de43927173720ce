import * as tf from "@tensorflow/tfjs";
import { type Scope, scopeAfter } from "./scope.ts";

/** What both blocks of a residual network take. */
export interface BlockOptions {
  /** Side of the middle convolution's window. */
  readonly kernelSize: number;
  /** Output channels of the three convolutions of the main path. */
  readonly filters: readonly [number, number, number];
  /** Where the block stands: names are `res{stage}{block}_branch...` and `bn{stage}{block}_branch...`. */
  readonly stage: number;
  readonly block: string;
  /** Derives a seed for each kernel; without it all have the tutorial's seed 0. */
  readonly seed?: number | undefined;
  /** Share of the moving averages that a training step keeps; default 0.99, Keras' own. */
  readonly batchNormMomentum?: number | undefined;
  /** Where the scale of the main path's last normalization starts; default 1. */
  readonly residualScale?: number | undefined;
  /** Which convolution of the main path carries the strides: the tutorial's 1x1 (v1) or the window after it (v1.5). */
  readonly stridesOn?: "first" | "middle" | undefined;
}

/** A basic block's: two convolutions with the same window. */
export type BasicBlockOptions = Omit<BlockOptions, "filters" | "stridesOn"> & {
  readonly filters: number;
  /** Default 1. */
  readonly strides?: number;
};

/** Keras' default epsilon, which the tutorial relies on. */
const EPSILON = 1e-3;

/** x [n, h, w, filters[2]] -> the same shape: three convolutions, the input added back, ReLU. */
export function identityBlock(x: tf.SymbolicTensor, options: BlockOptions): tf.SymbolicTensor {
  const scope = scopeAfter(x, options.seed);
  return merge(scope, mainPath(x, scope, options, 1), x);
}

/**
 * x [n, h, w, c] -> [n, ceil(h / strides), ceil(w / strides), filters[2]]: as `identityBlock` with a 1x1 convolution on the shortcut.
 * `strides` (default 2) sit on the first convolution of both paths.
 */
export function convolutionalBlock(
  x: tf.SymbolicTensor,
  options: BlockOptions & { readonly strides?: number },
): tf.SymbolicTensor {
  const { strides = 2, filters } = options;
  const scope = scopeAfter(x, options.seed);
  const main = mainPath(x, scope, options, strides);
  const shortcut = convolve(x, scope, options, { branch: "1", filters: filters[2], size: 1, strides });
  return merge(scope, main, shortcut);
}

/**
 * The block of ResNet-18 and -34: x [n, h, w, c] -> [n, ceil(h / strides), ceil(w / strides), filters], two convolutions, the
 * input added back (by a 1x1 convolution where its shape differs), ReLU. Strides sit on the first convolution.
 */
export function basicBlock(x: tf.SymbolicTensor, options: BasicBlockOptions): tf.SymbolicTensor {
  const { strides = 1, filters, kernelSize } = options;
  const scope = scopeAfter(x, options.seed);
  const size = kernelSize;
  const main = relu(convolve(x, scope, options, { branch: "2a", filters, size, strides, padding: "same" }), scope);
  const last = { branch: "2b", filters, size, strides: 1, padding: "same", scale: options.residualScale } as const;
  const y = convolve(main, scope, options, last);
  const fits = strides === 1 && x.shape.at(-1) === filters;
  return merge(scope, y, fits ? x : convolve(x, scope, options, { branch: "1", filters, size: 1, strides }));
}

function mainPath(x: tf.SymbolicTensor, scope: Scope, options: BlockOptions, strides: number): tf.SymbolicTensor {
  const { filters, kernelSize, stridesOn = "first" } = options;
  const [first, middle] = stridesOn === "first" ? [strides, 1] : [1, strides];
  let y = convolve(x, scope, options, { branch: "2a", filters: filters[0], size: 1, strides: first });
  y = relu(y, scope);
  const window = { branch: "2b", filters: filters[1], size: kernelSize, strides: middle, padding: "same" } as const;
  y = convolve(y, scope, options, window);
  y = relu(y, scope);
  const last = { branch: "2c", filters: filters[2], size: 1, strides: 1, scale: options.residualScale };
  return convolve(y, scope, options, last);
}

interface Convolution {
  readonly branch: string;
  readonly filters: number;
  readonly size: number;
  readonly strides: number;
  /** Default valid: a 1x1 window has nothing to pad. */
  readonly padding?: "same";
  /** Where its normalization's scale starts. */
  readonly scale?: number | undefined;
}

type Place = Pick<BlockOptions, "stage" | "block" | "batchNormMomentum">;

/** Convolution and batch normalization. */
function convolve(x: tf.SymbolicTensor, scope: Scope, options: Place, conv: Convolution): tf.SymbolicTensor {
  const place = `${options.stage}${options.block}_branch${conv.branch}`;
  const y = tf.layers
    .conv2d({
      name: `res${place}`,
      filters: conv.filters,
      kernelSize: conv.size,
      strides: conv.strides,
      padding: conv.padding ?? "valid",
      kernelInitializer: scope.kernel(),
    })
    .apply(x);
  return batchNorm(single(y), `bn${place}`, options.batchNormMomentum, conv.scale);
}

/** Batch normalization over the channels (axis 3), with Keras' epsilon 1e-3 and momentum 0.99. */
export function batchNorm(x: tf.SymbolicTensor, name: string, momentum = 0.99, scale = 1): tf.SymbolicTensor {
  const config = { name, axis: 3, epsilon: EPSILON, momentum, ...startingAt(scale) };
  return single(tf.layers.batchNormalization(config).apply(x));
}

/** A normalization's scale that starts elsewhere than at Keras' 1. */
export const startingAt = (
  scale: number,
): { readonly gammaInitializer?: ReturnType<typeof tf.initializers.constant> } =>
  scale === 1 ? {} : { gammaInitializer: tf.initializers.constant({ value: scale }) };

export function relu(x: tf.SymbolicTensor, scope: Scope): tf.SymbolicTensor {
  return single(tf.layers.activation({ name: scope.name("activation"), activation: "relu" }).apply(x));
}

function merge(scope: Scope, main: tf.SymbolicTensor, shortcut: tf.SymbolicTensor): tf.SymbolicTensor {
  return relu(single(tf.layers.add({ name: scope.name("add") }).apply([main, shortcut])), scope);
}

/** A layer applied to symbolic tensors gives a symbolic tensor, one for every layer used here; tfjs' types can't say so. */
export function single(output: ReturnType<tf.layers.Layer["apply"]>): tf.SymbolicTensor {
  return output as tf.SymbolicTensor;
}
