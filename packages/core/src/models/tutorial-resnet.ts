import * as tf from "@tensorflow/tfjs";
import { DEPTHS, type Depth, EXPANSION, STAGES } from "./architecture.ts";
import { checkNetworkOptions, type NetworkOptions } from "./network-options.ts";
import { basicBlock, batchNorm, convolutionalBlock, identityBlock, relu, single } from "./residual-block.ts";
import { scopeAfter } from "./scope.ts";

/** The tutorial's network in any depth; default 64x64x3 pictures, 6 classes, momentum 0.99. */
export interface TutorialResNetOptions extends NetworkOptions {
  readonly depth: Depth;
  /** A ReLU between `bn_conv1` and the max pooling, as in the original ResNet; default false, as in the tutorial. */
  readonly stemRelu?: boolean;
  /** Which convolution of a bottleneck block carries its strides: the first 1x1 (v1, the tutorial's) or the 3x3 (v1.5). */
  readonly stridesOn?: "first" | "middle" | undefined;
}

/** Blocks that have a letter of their own; Caffe's deeper networks number theirs. */
const LETTERS = "abcdef";

/**
 * A ResNet as the tutorial builds and names it, not compiled: input `input_1` [n, height, width, channels], output
 * `fc{classes}` [n, classes] softmax. Throws `bad-input`.
 */
export function tutorialResNet(options: TutorialResNetOptions): tf.LayersModel {
  const { depth, inputShape = [64, 64, 3], classes = 6, stemRelu = false, seed } = options;
  checkNetworkOptions(`resnet${depth}`, options);
  const input = tf.input({ name: "input_1", shape: [...inputShape] });
  let x = stem(input, stemRelu, options);
  for (const [i, count] of DEPTHS[depth].blocks.entries())
    for (let block = 0; block < count; block++) x = residual(x, options, i, block, count);
  return tf.model({ name: `ResNet${depth}`, inputs: input, outputs: head(x, classes, seed) });
}

/** Block `at` of the `count` blocks in stage `index`, both from 0. */
function residual(
  x: tf.SymbolicTensor,
  { depth, ...options }: TutorialResNetOptions,
  index: number,
  at: number,
  count: number,
): tf.SymbolicTensor {
  const { channels, strides } = STAGES[index]!;
  const { seed, batchNormMomentum, residualScale, stridesOn } = options;
  const block = nameOfBlock(at, count);
  const place = { kernelSize: 3, stage: index + 2, block, seed, batchNormMomentum, residualScale };
  if (!DEPTHS[depth].bottleneck) return basicBlock(x, { ...place, filters: channels, strides: at === 0 ? strides : 1 });
  const wide = { ...place, filters: [channels, channels, EXPANSION * channels], stridesOn } as const;
  return at === 0 ? convolutionalBlock(x, { ...wide, strides }) : identityBlock(x, wide);
}

/** a, b, c, ...; in stages with more blocks than that a, b1, b2, ... */
const nameOfBlock = (at: number, count: number): string =>
  count <= LETTERS.length ? LETTERS.charAt(at) : at === 0 ? "a" : `b${at}`;

function stem(input: tf.SymbolicTensor, withRelu: boolean, options: NetworkOptions): tf.SymbolicTensor {
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
