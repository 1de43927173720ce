import * as tf from "@tensorflow/tfjs";
import { type Random, randomFor } from "../random/random.ts";
import { seedWeights } from "./train.ts";

/** A small model that a seed makes, what it is trained for, and how it came about. */
export interface RandomModel {
  readonly model: tf.LayersModel;
  readonly loss: RandomLoss;
  /** `conv2d relu6, maxPooling2d, ...`, for the name of a failing test. */
  readonly story: string;
}

const lossesOf = {
  softmax: ["categoricalCrossentropy"],
  sigmoid: ["binaryCrossentropy", "meanSquaredError"],
  linear: ["meanSquaredError", "meanAbsoluteError", "cosineProximity"],
} as const;
export type RandomLoss = (typeof lossesOf)[keyof typeof lossesOf][number];

type Symbol = tf.SymbolicTensor;
type Make = (dice: Dice, x: Symbol, name: string) => Symbol;

/** Draws from one seed's sequence. */
class Dice {
  readonly #random: Random;
  constructor(seed: number) {
    this.#random = randomFor(seed, 0, 7);
  }
  /** A whole number from `low` to `high`. */
  between = (low: number, high: number): number => low + Math.floor(this.#random() * (high - low + 1));
  pick = <T>(list: readonly T[]): T => list[this.between(0, list.length - 1)]!;
  chance = (share: number): boolean => this.#random() < share;
}

const one = (layer: tf.layers.Layer, x: Symbol | Symbol[]): Symbol => layer.apply(x) as Symbol; // symbols in, symbols out
const sizeOf = (x: Symbol, axis: number): number => Number(x.shape.at(axis));
const smallest = (x: Symbol): number => Math.min(...x.shape.slice(1, -1).map(Number));

const activations = [
  "relu",
  "tanh",
  "sigmoid",
  "elu",
  "selu",
  "softplus",
  "softsign",
  "linear",
  "relu6",
  "swish",
] as const;
const activation = (dice: Dice) => ({ activation: dice.pick(activations) });
const filters = (dice: Dice) => dice.between(2, 4);
const padding = (dice: Dice) => ({ padding: dice.pick(["same", "valid"] as const) });
const bias = (dice: Dice) => ({ useBias: dice.chance(0.8) });
/** A window that fits. */
const windowOf = (dice: Dice, x: Symbol): number => dice.between(1, Math.min(3, smallest(x)));
const conv = (dice: Dice, x: Symbol, name: string) => ({
  name,
  filters: filters(dice),
  kernelSize: windowOf(dice, x),
  strides: dice.between(1, 2),
  ...padding(dice),
  ...bias(dice),
  ...activation(dice),
});
const pool = (dice: Dice, x: Symbol, name: string) => ({
  name,
  poolSize: windowOf(dice, x),
  strides: dice.between(1, 2),
  ...padding(dice),
});

const { layers } = tf;

/*
 * Left out, where tfjs is wrong or has nothing: upsampling, whose gradient it mixes up between pictures (nearest) or
 * between height and width (bilinear); normalizations of volumes; mean pooling with padding, whose gradient tfjs
 * divides by the whole window although the mean counts no padding; "same" padding of volumes, which it shifts where
 * strides are larger than kernels; dilations, which it can't differentiate.
 */

/** Layers that take any rank and keep the shape. */
const anywhere: Record<string, Make> = {
  activation: (dice, x, name) => one(layers.activation({ name, ...activation(dice) }), x),
  softmax: (_dice, x, name) => one(layers.softmax({ name, axis: -1 }), x),
  elu: (_dice, x, name) => one(layers.elu({ name }), x),
  leakyReLU: (_dice, x, name) => one(layers.leakyReLU({ name, alpha: 0.2 }), x),
  prelu: (_dice, x, name) => one(layers.prelu({ name }), x),
  batchNormalization: (_dice, x, name) =>
    x.rank > 4 ? x : one(layers.batchNormalization({ name, momentum: 0.8, epsilon: 0.01 }), x),
  layerNormalization: (_dice, x, name) => (x.rank > 4 ? x : one(layers.layerNormalization({ name, epsilon: 0.01 }), x)),
  dense: (dice, x, name) => one(layers.dense({ name, units: filters(dice), ...bias(dice), ...activation(dice) }), x),
  add: (dice, x, name) => one(layers.add({ name }), [x, besides(dice, x, name)]),
  average: (dice, x, name) => one(layers.average({ name }), [x, besides(dice, x, name)]),
  maximum: (dice, x, name) => one(layers.maximum({ name }), [x, besides(dice, x, name)]),
  minimum: (dice, x, name) => one(layers.minimum({ name }), [x, besides(dice, x, name)]),
  multiply: (dice, x, name) => one(layers.multiply({ name }), [x, besides(dice, x, name)]),
  concatenate: (dice, x, name) => one(layers.concatenate({ name }), [x, besides(dice, x, name), x]),
};

/** A dense branch beside `x`, of its shape. */
const besides = (dice: Dice, x: Symbol, name: string): Symbol =>
  one(layers.dense({ name: `${name}_branch`, units: sizeOf(x, -1), ...activation(dice) }), x);

const vectors: Record<string, Make> = {
  ...anywhere,
  repeatVector: (dice, x, name) => one(layers.repeatVector({ name, n: dice.between(2, 3) }), x),
};

const recurrent = (dice: Dice, name: string) => ({
  name,
  units: filters(dice),
  returnSequences: dice.chance(0.6),
  goBackwards: dice.chance(0.2),
  ...bias(dice),
});

const sequences: Record<string, Make> = {
  ...anywhere,
  conv1d: (dice, x, name) => one(layers.conv1d(conv(dice, x, name)), x),
  maxPooling1d: (dice, x, name) => one(layers.maxPooling1d(pool(dice, x, name)), x),
  averagePooling1d: (dice, x, name) => one(layers.averagePooling1d({ ...pool(dice, x, name), padding: "valid" }), x),
  simpleRNN: (dice, x, name) => one(layers.simpleRNN({ ...recurrent(dice, name) }), x),
  gru: (dice, x, name) => one(layers.gru({ ...recurrent(dice, name) }), x),
  lstm: (dice, x, name) => one(layers.lstm({ ...recurrent(dice, name) }), x),
  bidirectional(dice, x, name) {
    const layer = dice.pick([layers.lstm, layers.gru, layers.simpleRNN])({
      ...recurrent(dice, `${name}_inner`),
      goBackwards: false,
    }) as tf.RNN;
    return one(
      layers.bidirectional({ name, layer, mergeMode: dice.pick(["concat", "sum", "ave", "mul"] as const) }),
      x,
    );
  },
  timeDistributed(dice, x, name) {
    const layer = layers.dense({ name: `${name}_inner`, units: filters(dice), ...activation(dice) });
    return one(layers.timeDistributed({ name, layer }), x);
  },
  dot: (dice, x, name) => one(layers.dot({ name, axes: 2 }), [x, besides(dice, x, name)]),
  permute: (_dice, x, name) => one(layers.permute({ name, dims: [2, 1] }), x),
  globalMaxPooling1d: (_dice, x, name) => one(layers.globalMaxPooling1d({ name }), x),
  globalAveragePooling1d: (_dice, x, name) => one(layers.globalAveragePooling1d({ name }), x),
};

const pictures: Record<string, Make> = {
  ...anywhere,
  conv2d: (dice, x, name) => one(layers.conv2d(conv(dice, x, name)), x),
  conv2dTranspose: (dice, x, name) => one(layers.conv2dTranspose(conv(dice, x, name)), x),
  depthwiseConv2d: (dice, x, name) =>
    one(layers.depthwiseConv2d({ ...conv(dice, x, name), depthMultiplier: dice.between(1, 2) }), x),
  separableConv2d: (dice, x, name) => one(layers.separableConv2d({ ...conv(dice, x, name) }), x),
  maxPooling2d: (dice, x, name) => one(layers.maxPooling2d(pool(dice, x, name)), x),
  averagePooling2d: (dice, x, name) => one(layers.averagePooling2d({ ...pool(dice, x, name), padding: "valid" }), x),
  zeroPadding2d: (dice, x, name) => {
    const sides: [[number, number], [number, number]] = [
      [dice.between(0, 2), 1],
      [1, dice.between(0, 2)],
    ];
    return one(layers.zeroPadding2d({ name, padding: sides }), x);
  },
  cropping2d: (_dice, x, name) =>
    smallest(x) < 3
      ? x
      : one(
          layers.cropping2D({
            name,
            cropping: [
              [1, 0],
              [0, 1],
            ],
          }),
          x,
        ),
  globalAveragePooling2d: (_dice, x, name) => one(layers.globalAveragePooling2d({ name }), x),
};

const volumes: Record<string, Make> = {
  ...anywhere,
  conv3d: (dice, x, name) => one(layers.conv3d({ ...conv(dice, x, name), padding: "valid" }), x),
  maxPooling3d: (dice, x, name) => one(layers.maxPooling3d({ ...pool(dice, x, name), padding: "valid" }), x),
  averagePooling3d: (dice, x, name) => one(layers.averagePooling3d({ ...pool(dice, x, name), padding: "valid" }), x),
};

/** By the rank of what they read. */
const byRank: readonly (Record<string, Make> | undefined)[] = [
  undefined,
  undefined,
  vectors,
  sequences,
  pictures,
  volumes,
];

/** Input shapes without the batch, by rank. */
const inputs: readonly ((dice: Dice) => number[])[] = [
  (dice) => [dice.between(2, 5)],
  (dice) => [dice.between(4, 6), dice.between(2, 3)],
  (dice) => [dice.between(5, 7), dice.between(5, 7), dice.between(1, 3)],
  (dice) => [3, dice.between(3, 4), 3, 2],
];

/** How many words a sequence of words is made of; 0 is one of them. */
export const WORDS = 4;

/** Vectors of words; or, with word 0 masked, what a recurrent layer makes of them: tfjs loses masks elsewhere. */
function embedded(dice: Dice, x: Symbol): Symbol {
  const maskZero = dice.chance(0.5);
  const vectors = one(layers.embedding({ name: "embedding", inputDim: WORDS, outputDim: 3, maskZero }), x);
  if (!maskZero) return vectors;
  const layer = dice.pick([layers.lstm, layers.gru, layers.simpleRNN]);
  return one(layer({ name: "masked", units: 3, returnSequences: false }), vectors);
}

/** Enough to check gradients at, few enough for tfjs' plain backend. */
const MOST_NUMBERS = 600;

export function randomModel(seed: number): RandomModel {
  const dice = new Dice(seed);
  const words = seed % 5 === 4;
  const input = words
    ? tf.input({ shape: [dice.between(4, 6)], name: "x", dtype: "int32" })
    : tf.input({ shape: inputs[seed % inputs.length]!(dice), name: "x" });
  const story = words ? ["embedding"] : [];
  let x = words ? embedded(dice, input) : input;
  for (let depth = dice.between(2, 4); depth > 0; depth--) {
    const table = byRank[x.rank]!;
    const kind = dice.pick(Object.keys(table));
    if (words && /max|min/i.test(kind)) continue; // equal words are equal maxima, each of which tfjs gives the whole gradient
    const next = table[kind]!(dice, x, `${kind}_${depth}`);
    if (next.shape.slice(1).reduce<number>((a, dim) => a * Number(dim), 1) > MOST_NUMBERS) continue;
    story.push(kind);
    x = next;
  }
  if (x.rank > 2 && dice.chance(0.8)) x = one(layers.flatten({ name: "flatten" }), x);
  const end = dice.pick(["softmax", "sigmoid", "linear"] as const);
  const y = one(layers.dense({ name: "y", units: 3, activation: end }), x);
  const model = seedWeights(tf.model({ inputs: input, outputs: y, name: `random_${seed}` }), seed);
  return { model, loss: dice.pick(lossesOf[end]), story: story.join(", ") };
}
