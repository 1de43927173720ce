// What the benchmarks train: networks of fixed weights, and a batch that looks like their data.
import * as tf from "@tensorflow/tfjs";
import { resnet50 } from "../dist/models/index.js";

const { layers } = tf;

/** Numbers in [0, 1) that depend on their place alone. */
const hash = (i) => ((i * 2654435761) >>> 8) / 2 ** 24;

/** Glorot's range for what has a fan, zeros for biases; the same on every tfjs. */
function withFixedWeights(model) {
  const filled = model.weights.map(({ shape }, k) => {
    const size = shape.reduce((a, dim) => a * dim, 1);
    const limit = shape.length < 2 ? 0 : Math.sqrt((6 * shape.at(-1)) / (size * (1 + shape.at(-1) / shape.at(-2))));
    return tf.tensor(
      Float32Array.from({ length: size }, (_, i) => limit * (2 * hash(i + 7919 * (k + 1)) - 1)),
      shape,
    );
  });
  model.setWeights(filled);
  return model;
}

const convs = (...filters) => filters.map((count) => ({ filters: count, kernelSize: 3, activation: "relu" }));

/** tfjs-examples `mnist/index.js` (createConvModel) at 0521725. */
function mnist() {
  const [a, b, c] = convs(16, 32, 32);
  return tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], ...a }),
      layers.maxPooling2d({ poolSize: 2, strides: 2 }),
      layers.conv2d(b),
      layers.maxPooling2d({ poolSize: 2, strides: 2 }),
      layers.conv2d(c),
      layers.flatten({}),
      layers.dense({ units: 64, activation: "relu" }),
      layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
}

/** tfjs-examples `mnist-node/model.js` at 0521725. */
function mnistNode() {
  const [a, b, c, d] = convs(32, 32, 64, 64);
  return tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], ...a }),
      layers.conv2d(b),
      layers.maxPooling2d({ poolSize: [2, 2] }),
      layers.conv2d(c),
      layers.conv2d(d),
      layers.maxPooling2d({ poolSize: [2, 2] }),
      layers.flatten(),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 512, activation: "relu" }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
}

/** The weights are replaced; tfjs draws orthogonal ones, the default, for a minute. */
const recurrent = { units: 128, recurrentInitializer: "zeros" };

/** tfjs-examples `lstm-text-generation/model.js` at 0521725 with `train_node.js`' defaults, for 71 characters. */
function textGeneration() {
  return tf.sequential({
    layers: [
      layers.lstm({ ...recurrent, returnSequences: true, inputShape: [60, 71] }),
      layers.lstm({ ...recurrent, returnSequences: false }),
      layers.dense({ units: 71, activation: "softmax" }),
    ],
  });
}

/** tfjs-examples `addition-rnn/index.js` at 0521725, LSTM, with the page's defaults: 2 digits, 128 units. */
function addition() {
  return tf.sequential({
    layers: [
      layers.lstm({ ...recurrent, inputShape: [5, 12] }),
      layers.repeatVector({ n: 3 }),
      layers.lstm({ ...recurrent, returnSequences: true }),
      layers.timeDistributed({ layer: layers.dense({ units: 12 }) }),
      layers.activation({ activation: "softmax" }),
    ],
  });
}

/** So small that what a step costs besides computing is all there is. */
const dense = () =>
  tf.sequential({
    layers: [
      layers.dense({ units: 8, activation: "tanh", inputShape: [4] }),
      layers.dense({ units: 3, activation: "softmax" }),
    ],
  });

/** Each with the optimizer and batches of its source, `steps` that a run takes, and whether its inputs are one-hot rows. */
export const workloads = {
  resnet50: { make: () => resnet50({ seed: 1 }), optimizer: "adam", rate: 1e-3, steps: 12 },
  mnist: { make: () => withFixedWeights(mnist()), optimizer: "rmsprop", rate: 1e-3, steps: 40 },
  "mnist-node": { make: () => withFixedWeights(mnistNode()), optimizer: "rmsprop", rate: 1e-3, steps: 20, draws: true },
  "text-generation": {
    make: () => withFixedWeights(textGeneration()),
    optimizer: "rmsprop",
    rate: 1e-2,
    steps: 12,
    oneHot: true,
  },
  addition: { make: () => withFixedWeights(addition()), optimizer: "adam", rate: 1e-3, steps: 60, oneHot: true },
  dense: { make: () => withFixedWeights(dense()), optimizer: "adam", rate: 1e-3, steps: 300 },
};

const oneHot = (size, classes) =>
  Float32Array.from({ length: size }, (_, i) =>
    Math.floor(hash(Math.floor(i / classes) + 1) * classes) === i % classes ? 1 : 0,
  );

/** `count` samples for the only input and output of `model`. */
export function batchOf(model, { oneHot: rows = false }, count) {
  const [input, output] = [model.inputs[0].shape.slice(1), model.outputs[0].shape.slice(1)];
  const [inputs, labels] = [input, output].map((shape) => shape.reduce((a, dim) => a * dim, count));
  return {
    inputs: rows ? oneHot(inputs, input.at(-1)) : Float32Array.from({ length: inputs }, (_, i) => hash(i)),
    labels: oneHot(labels, output.at(-1)),
    count,
  };
}
