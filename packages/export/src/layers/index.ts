import { Activation } from "./activation.ts";
import { Add } from "./add.ts";
import { BatchNormalization } from "./batch-normalization.ts";
import { Conv2D } from "./conv2d.ts";
import { Dense } from "./dense.ts";
import { Dropout } from "./dropout.ts";
import { Embedding } from "./embedding.ts";
import { Flatten } from "./flatten.ts";
import { GlobalAveragePooling2D } from "./global-average-pooling2d.ts";
import { InputLayer } from "./input-layer.ts";
import { Masking } from "./masking.ts";
import { AveragePooling2D, MaxPooling2D } from "./pooling2d.ts";
import { ReLU } from "./relu.ts";
import { Reshape } from "./reshape.ts";
import { type LayerRule, type Unsupported, unsupported } from "./rule.ts";
import { ZeroPadding2D } from "./zero-padding2d.ts";

const later = unsupported("no rule yet");

/** Every layer class of tfjs-layers 4.22, by its Keras name: a rule, or why there is none. */
export const layers = {
  // Models as layers
  Functional: later,
  Model: later,
  Sequential: later,
  // Input, core
  Activation,
  Dense,
  Dropout,
  Embedding,
  Flatten,
  InputLayer,
  Masking,
  Permute: later,
  RepeatVector: later,
  Reshape,
  SpatialDropout1D: later,
  // Activations
  ELU: later,
  LeakyReLU: later,
  PReLU: later,
  ReLU,
  Softmax: later,
  ThresholdedReLU: later,
  // Convolution, padding, resizing
  Conv1D: later,
  Conv2D,
  Conv2DTranspose: later,
  Conv3D: later,
  Conv3DTranspose: later,
  ConvLSTM2D: later,
  ConvLSTM2DCell: later,
  Cropping2D: later,
  DepthwiseConv2D: later,
  SeparableConv2D: later,
  UpSampling2D: later,
  ZeroPadding2D,
  // Pooling
  AveragePooling1D: later,
  AveragePooling2D,
  AveragePooling3D: later,
  GlobalAveragePooling1D: later,
  GlobalAveragePooling2D,
  GlobalMaxPooling1D: later,
  GlobalMaxPooling2D: later,
  MaxPooling1D: later,
  MaxPooling2D,
  MaxPooling3D: later,
  // Merging
  Add,
  Average: later,
  Concatenate: later,
  Dot: later,
  Maximum: later,
  Minimum: later,
  Multiply: later,
  // Noise
  AlphaDropout: later,
  GaussianDropout: later,
  GaussianNoise: later,
  // Normalization
  BatchNormalization,
  LayerNormalization: later,
  // Recurrent, wrappers
  Bidirectional: later,
  GRU: later,
  GRUCell: later,
  LSTM: later,
  LSTMCell: later,
  RNN: later,
  SimpleRNN: later,
  SimpleRNNCell: later,
  StackedRNNCells: later,
  TimeDistributed: later,
  // Preprocessing
  CategoryEncoding: later,
  CenterCrop: later,
  RandomWidth: later,
  Rescaling: later,
  Resizing: later,
} satisfies Record<string, LayerRule | Unsupported>;

export type LayerClass = keyof typeof layers;

/** The rule of a class name read from a file, or why there is none. */
export const ruleOf = (className: string): LayerRule | Unsupported =>
  Object.hasOwn(layers, className)
    ? layers[className as LayerClass]
    : unsupported("not a layer of tfjs; custom layers have no rule");
