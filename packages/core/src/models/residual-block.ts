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
}

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

function mainPath(x: tf.SymbolicTensor, scope: Scope, options: BlockOptions, strides: number): tf.SymbolicTensor {
  const { filters, kernelSize } = options;
  let y = convolve(x, scope, options, { branch: "2a", filters: filters[0], size: 1, strides });
  y = relu(y, scope);
  y = convolve(y, scope, options, { branch: "2b", filters: filters[1], size: kernelSize, strides: 1 });
  y = relu(y, scope);
  return convolve(y, scope, options, { branch: "2c", filters: filters[2], size: 1, strides: 1 });
}

interface Convolution {
  readonly branch: string;
  readonly filters: number;
  readonly size: number;
  readonly strides: number;
}

/** Convolution and batch normalization. Only the middle convolution pads, and a 1x1 window has nothing to pad. */
function convolve(x: tf.SymbolicTensor, scope: Scope, options: BlockOptions, conv: Convolution): tf.SymbolicTensor {
  const place = `${options.stage}${options.block}_branch${conv.branch}`;
  const y = tf.layers
    .conv2d({
      name: `res${place}`,
      filters: conv.filters,
      kernelSize: conv.size,
      strides: conv.strides,
      padding: conv.branch === "2b" ? "same" : "valid",
      kernelInitializer: scope.kernel(),
    })
    .apply(x);
  return batchNorm(single(y), `bn${place}`, options.batchNormMomentum);
}

/** Batch normalization over the channels (axis 3), with Keras' epsilon 1e-3 and momentum 0.99. */
export function batchNorm(x: tf.SymbolicTensor, name: string, momentum = 0.99): tf.SymbolicTensor {
  return single(tf.layers.batchNormalization({ name, axis: 3, epsilon: EPSILON, momentum }).apply(x));
}

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
