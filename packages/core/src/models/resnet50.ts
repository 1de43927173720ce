import { ResonnxError } from "@resonnx/base";
import * as tf from "@tensorflow/tfjs";
import { batchNorm, convolutionalBlock, identityBlock, relu, single } from "./residual-block.ts";
import { scopeAfter } from "./scope.ts";

/** What can be changed about the network; the defaults are the tutorial's. */
export interface ResNet50Options {
  /** [height, width, channels] of a picture; default [64, 64, 3], at least 5 pixels a side. */
  readonly inputShape?: readonly [number, number, number];
  /** Number of classes; default 6. */
  readonly classes?: number;
  /** A ReLU between `bn_conv1` and the max pooling, as in the original ResNet; default false, as in the tutorial. */
  readonly stemRelu?: boolean;
  /** Derives a seed for each kernel; without it all have the tutorial's seed 0. */
  readonly seed?: number | undefined;
  /** Share of the batch normalizations' moving averages that a training step keeps; default 0.99. */
  readonly batchNormMomentum?: number | undefined;
}

/** One row a stage: its filters, the strides of its first block and the names of its blocks (He et al. 2015, table 1). */
const STAGES = [
  { stage: 2, filters: [64, 64, 256], strides: 1, blocks: "abc" },
  { stage: 3, filters: [128, 128, 512], strides: 2, blocks: "abcd" },
  { stage: 4, filters: [256, 256, 1024], strides: 2, blocks: "abcdef" },
  { stage: 5, filters: [512, 512, 2048], strides: 2, blocks: "abc" },
] as const;

/** Below this the first pooling has nothing left to pool. */
const SMALLEST_SIDE = 5;

/**
 * The tutorial's ResNet50, not compiled: input `input_1` [n, height, width, channels], output `fc{classes}` [n, classes] softmax.
 * For 64x64x3 and 6 classes it has 23,600,006 parameters, 23,546,886 of them trainable. Throws `bad-input`.
 */
export function resnet50(options: ResNet50Options = {}): tf.LayersModel {
  const { inputShape = [64, 64, 3], classes = 6, stemRelu = false, seed, batchNormMomentum } = options;
  checkOptions(inputShape, classes, seed, batchNormMomentum);
  const input = tf.input({ name: "input_1", shape: [...inputShape] });
  let x = stem(input, stemRelu, options);
  for (const { stage, filters, strides, blocks } of STAGES) {
    for (const block of blocks) {
      const place = { kernelSize: 3, filters, stage, block, seed, batchNormMomentum };
      x = block === "a" ? convolutionalBlock(x, { ...place, strides }) : identityBlock(x, place);
    }
  }
  return tf.model({ name: "ResNet50", inputs: input, outputs: head(x, classes, seed) });
}

function stem(input: tf.SymbolicTensor, withRelu: boolean, options: ResNet50Options): tf.SymbolicTensor {
  const scope = scopeAfter(input, options.seed);
  let x = single(tf.layers.zeroPadding2d({ name: scope.name("zero_padding2d"), padding: 3 }).apply(input));
  const conv1 = { name: "conv1", filters: 64, kernelSize: 7, strides: 2, kernelInitializer: scope.kernel() };
  x = single(tf.layers.conv2d(conv1).apply(x));
  x = batchNorm(x, "bn_conv1", options.batchNormMomentum);
  if (withRelu) x = relu(x, scope);
  return single(tf.layers.maxPooling2d({ name: scope.name("max_pooling2d"), poolSize: 3, strides: 2 }).apply(x));
}

function head(features: tf.SymbolicTensor, classes: number, seed: number | undefined): tf.SymbolicTensor {
  const scope = scopeAfter(features, seed);
  let x = single(tf.layers.averagePooling2d({ name: "avg_pool", poolSize: 2, padding: "same" }).apply(features));
  x = single(tf.layers.flatten({ name: scope.name("flatten") }).apply(x));
  const fc = {
    name: `fc${classes}`,
    units: classes,
    activation: "softmax",
    kernelInitializer: scope.kernel(),
  } as const;
  return single(tf.layers.dense(fc).apply(x));
}

function checkOptions(inputShape: readonly number[], classes: number, seed = 0, momentum = 0.99): void {
  const [height = 0, width = 0, channels = 0] = inputShape;
  const sizesFit = Math.min(height, width) >= SMALLEST_SIDE && channels >= 1 && inputShape.length === 3;
  if (!sizesFit || !inputShape.every(Number.isInteger)) {
    const wanted = `[height, width, channels], sides of at least ${SMALLEST_SIDE}`;
    throw new ResonnxError("bad-input", refusal("inputShape", `[${inputShape.join(", ")}]`, wanted));
  }
  if (!Number.isInteger(classes) || classes < 1) {
    throw new ResonnxError("bad-input", refusal("classes", String(classes), "a whole number, at least 1"));
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ResonnxError("bad-input", refusal("seed", String(seed), "an integer from 0 to 2^53 - 1"));
  }
  if (!(momentum >= 0 && momentum < 1)) {
    throw new ResonnxError("bad-input", refusal("batchNormMomentum", String(momentum), "a number in [0, 1)"));
  }
}

function refusal(option: string, got: string, wanted: string) {
  return { where: `resnet50 ${option}`, what: "no such network can be built", got, wanted };
}
