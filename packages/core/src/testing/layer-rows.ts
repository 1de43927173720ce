import * as tf from "@tensorflow/tfjs";

type Symbol = tf.SymbolicTensor;

/** A layer between a dense one, to whose kernel its gradient goes, and the output. */
export interface LayerRow {
  /** Of one sample. */
  readonly shape: readonly number[];
  build(x: Symbol): Symbol;
  /** Samples of a batch. */
  readonly count: number;
}

const { layers } = tf;
const COUNT = 3;
/** How many words a sequence of words is made of. */
export const WORDS = 4;

const apply = (layer: tf.layers.Layer, x: Symbol | Symbol[]): Symbol => layer.apply(x) as Symbol; // symbols in, symbols out
const of =
  (shape: readonly number[]) =>
  (layer: tf.layers.Layer, count = COUNT): LayerRow => ({ shape, count, build: (x) => apply(layer, x) });
const vector = of([6]);
const sequence = of([5, 3]);
const picture = of([6, 5, 3]);
const square = of([4, 4, 2]);
const volume = of([4, 3, 4, 2]);
/** Of what a dense layer made, and a second one's. */
const merge = (layer: tf.layers.Layer, shape: readonly number[] = [5, 3]): LayerRow => ({
  shape,
  count: COUNT,
  build: (x) => apply(layer, [x, apply(layers.dense({ units: Number(x.shape.at(-1)), activation: "tanh" }), x)]),
});

const activations = [
  "elu",
  "hardSigmoid",
  "linear",
  "relu",
  "relu6",
  "selu",
  "sigmoid",
  "softmax",
  "softplus",
  "softsign",
  "tanh",
  "swish",
  "mish",
  "gelu",
  "gelu_new",
] as const;

/** What makes no layer, is another name of a row below, or has no gradient that tfjs could be asked for. */
type Without =
  | "Layer"
  | "RNN"
  | "RNNCell"
  | "input"
  | "inputLayer"
  | `${"lstm" | "gru" | "simpleRNN" | "convLstm2d"}Cell`
  | `avg${string}`
  | "globalMaxPool1d"
  | "globalMaxPool2d"
  | "maxPool1d"
  | "maxPool2d"
  | "thresholdedReLU" // tfjs has no gradient of its step
  | "conv3dTranspose" // tfjs has no gradient of Conv3DBackpropInputV2
  | "resizing" // tfjs tells its shape without the batch
  | "masking" // tfjs has no gradient of Any; embedding masks below
  | "centerCrop" // tfjs has no gradient of CropAndResize
  | "categoryEncoding" // nobody has one
  | "randomWidth"
  | "dropout" // tfjs draws other numbers: draw.test.ts
  | "spatialDropout1d"
  | "gaussianNoise"
  | "gaussianDropout"
  | "alphaDropout";

/*
 * Left out inside the rows, where tfjs is wrong or has nothing: batch normalization of volumes and along axis 1; mean
 * pooling with padding, whose gradient tfjs divides by the whole window although the mean counts no padding; "same"
 * padding of volumes with strides above the kernel, which it shifts; dilations. Upsampling, whose gradient tfjs mixes up
 * between pictures (nearest) or between height and width (bilinear), is of one picture or of squares.
 */
export const layerRows: Record<Exclude<keyof typeof layers, Without>, readonly LayerRow[]> = {
  activation: activations.map((activation) => vector(layers.activation({ activation }))),
  elu: [sequence(layers.elu())],
  reLU: [sequence(layers.reLU()), sequence(layers.reLU({ maxValue: 0.5 }))],
  leakyReLU: [sequence(layers.leakyReLU({ alpha: 0.2 }))],
  prelu: [vector(layers.prelu()), picture(layers.prelu({ sharedAxes: [1, 2] }))],
  softmax: [sequence(layers.softmax({ axis: -1 }))],

  conv1d: [
    sequence(layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", activation: "tanh" })),
    sequence(layers.conv1d({ filters: 4, kernelSize: 2, useBias: false })),
  ],
  conv2d: [
    picture(layers.conv2d({ filters: 4, kernelSize: [3, 2], strides: 2, padding: "same", activation: "relu" })),
    picture(layers.conv2d({ filters: 2, kernelSize: 3, useBias: false })),
  ],
  conv2dTranspose: [
    picture(layers.conv2dTranspose({ filters: 2, kernelSize: [3, 2], strides: 2, padding: "same" })),
    picture(layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 1, padding: "valid" })),
  ],
  conv3d: [
    volume(layers.conv3d({ filters: 3, kernelSize: 2, activation: "tanh" })),
    volume(layers.conv3d({ filters: 3, kernelSize: 3, strides: [2, 1, 2], padding: "same" })),
  ],
  depthwiseConv2d: [
    picture(layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: "same" })),
    picture(layers.depthwiseConv2d({ kernelSize: 2, strides: 2 })),
  ],
  separableConv2d: [
    picture(layers.separableConv2d({ filters: 4, kernelSize: 3, depthMultiplier: 2, padding: "same" })),
    picture(layers.separableConv2d({ filters: 2, kernelSize: 2, strides: 2 })),
  ],
  upSampling2d: [
    picture(layers.upSampling2d({ size: [2, 3] }), 1),
    square(layers.upSampling2d({ size: [2, 2], interpolation: "bilinear" })),
  ],
  zeroPadding2d: [
    picture(
      layers.zeroPadding2d({
        padding: [
          [0, 2],
          [1, 3],
        ],
      }),
    ),
  ],
  cropping2D: [
    picture(
      layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
    ),
  ],

  maxPooling1d: [
    sequence(layers.maxPooling1d({ poolSize: 2, strides: 1 })),
    sequence(layers.maxPooling1d({ poolSize: 3, strides: 2, padding: "same" })),
  ],
  maxPooling2d: [
    picture(layers.maxPooling2d({ poolSize: 2 })),
    picture(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" })),
  ],
  maxPooling3d: [
    volume(layers.maxPooling3d({ poolSize: 2, strides: [2, 1, 1] })),
    volume(layers.maxPooling3d({ poolSize: [2, 2, 2], strides: [2, 2, 2], padding: "same" })),
  ],
  averagePooling1d: [sequence(layers.averagePooling1d({ poolSize: 3, strides: 2 }))],
  averagePooling2d: [picture(layers.averagePooling2d({ poolSize: [3, 2], strides: [2, 1] }))],
  averagePooling3d: [volume(layers.averagePooling3d({ poolSize: [2, 3, 2], strides: [1, 1, 2] }))],
  globalMaxPooling1d: [sequence(layers.globalMaxPooling1d({}))],
  globalMaxPooling2d: [picture(layers.globalMaxPooling2d({}))],
  globalAveragePooling1d: [sequence(layers.globalAveragePooling1d({}))],
  globalAveragePooling2d: [picture(layers.globalAveragePooling2d({}))],

  batchNormalization: [
    vector(layers.batchNormalization({ epsilon: 0.01 })),
    sequence(layers.batchNormalization({ epsilon: 0.01 })),
    picture(layers.batchNormalization({ epsilon: 0.01 })),
  ],
  layerNormalization: [
    vector(layers.layerNormalization({ epsilon: 0.01 })),
    picture(layers.layerNormalization({ epsilon: 0.01, axis: [2, 3] })),
  ],
  dense: [
    vector(layers.dense({ units: 4, activation: "sigmoid" })),
    picture(layers.dense({ units: 2, useBias: false })),
  ],
  embedding: [
    { count: COUNT, shape: [5], build: (x) => apply(layers.embedding({ inputDim: WORDS, outputDim: 3 }), x) },
    {
      count: COUNT,
      shape: [5],
      build: (x) =>
        apply(layers.lstm({ units: 3 }), apply(layers.embedding({ inputDim: WORDS, outputDim: 3, maskZero: true }), x)),
    },
  ],
  flatten: [picture(layers.flatten())],
  reshape: [sequence(layers.reshape({ targetShape: [3, 5] }))],
  permute: [picture(layers.permute({ dims: [3, 1, 2] }))],
  repeatVector: [vector(layers.repeatVector({ n: 3 }))],
  rescaling: [sequence(layers.rescaling({ scale: 3, offset: 0.5 }))],

  lstm: [
    sequence(layers.lstm({ units: 4, returnSequences: true, unroll: true })),
    sequence(layers.lstm({ units: 4, goBackwards: true, recurrentActivation: "hardSigmoid" })),
  ],
  gru: [
    sequence(layers.gru({ units: 4, returnSequences: true, unroll: true })),
    sequence(layers.gru({ units: 4, useBias: false, goBackwards: true })),
  ],
  simpleRNN: [
    sequence(layers.simpleRNN({ units: 4, returnSequences: true, unroll: true })),
    sequence(layers.simpleRNN({ units: 4, activation: "relu", goBackwards: true })),
  ],
  rnn: [sequence(layers.rnn({ cell: layers.gruCell({ units: 3 }), returnSequences: true }) as tf.RNN)],
  stackedRNNCells: [
    sequence(
      layers.rnn({
        cell: layers.stackedRNNCells({ cells: [layers.lstmCell({ units: 3 }), layers.simpleRNNCell({ units: 2 })] }),
      }) as tf.RNN,
    ),
  ],
  convLstm2d: [of([3, 4, 4, 2])(layers.convLstm2d({ filters: 2, kernelSize: 2 }))],
  bidirectional: (["concat", "sum", "ave", "mul"] as const).map((mergeMode) =>
    sequence(layers.bidirectional({ layer: layers.lstm({ units: 3, returnSequences: true }) as tf.RNN, mergeMode })),
  ),
  timeDistributed: [
    sequence(layers.timeDistributed({ layer: layers.dense({ units: 2, activation: "tanh" }) })),
    of([2, 4, 4, 2])(layers.timeDistributed({ layer: layers.conv2d({ filters: 2, kernelSize: 2 }) })),
  ],

  add: [merge(layers.add())],
  average: [merge(layers.average())],
  maximum: [merge(layers.maximum())],
  minimum: [merge(layers.minimum())],
  multiply: [merge(layers.multiply(), [4, 4, 2])],
  concatenate: [merge(layers.concatenate()), merge(layers.concatenate({ axis: 1 }))],
  dot: [
    merge(layers.dot({ axes: 1 })),
    merge(layers.dot({ axes: -1, normalize: true }), [4]),
    {
      count: COUNT,
      shape: [5, 3],
      build(x) {
        const [keys, values] = [0, 1].map(() => apply(layers.dense({ units: 3 }), x));
        const scores = apply(layers.dot({ axes: 2 }), [x, keys!]);
        return apply(layers.dot({ axes: [2, 1] }), [apply(layers.softmax({ axis: -1 }), scores), values!]);
      },
    },
  ],
};
