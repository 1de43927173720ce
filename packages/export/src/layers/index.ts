import { FOLD_TIME, UNFOLD_TIME } from "../source/time-distributed.ts";
import { Activation } from "./activation.ts";
import { AdditiveAttention, Attention } from "./attention.ts";
import { BatchNormalization } from "./batch-normalization.ts";
import { Bidirectional } from "./bidirectional.ts";
import { CategoryEncoding } from "./category-encoding.ts";
import { Concatenate } from "./concatenate.ts";
import { Conv1D, Conv2D, Conv3D } from "./conv.ts";
import { ConvLSTM1D, ConvLSTM2D, ConvLSTM3D } from "./conv-lstm.ts";
import { Conv1DTranspose, Conv2DTranspose, Conv3DTranspose } from "./conv-transpose.ts";
import { Cropping1D, Cropping2D, Cropping3D } from "./cropping.ts";
import { Dense } from "./dense.ts";
import { DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D } from "./depthwise-conv.ts";
import { Discretization } from "./discretization.ts";
import { Dot } from "./dot.ts";
import {
  AlphaDropout,
  Dropout,
  GaussianDropout,
  GaussianNoise,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
} from "./dropout.ts";
import { EinsumDense } from "./einsum-dense.ts";
import { Embedding } from "./embedding.ts";
import { Flatten } from "./flatten.ts";
import {
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling3D,
} from "./global-pooling.ts";
import { GroupNormalization } from "./group-normalization.ts";
import { GRU } from "./gru.ts";
import { ActivityRegularization, Identity, RandomPicture } from "./identity.ts";
import { InputLayer } from "./input-layer.ts";
import { LayerNormalization } from "./layer-normalization.ts";
import { ELU, LeakyReLU, PReLU, ThresholdedReLU } from "./leaky-activations.ts";
import { LSTM } from "./lstm.ts";
import { maskOperations } from "./mask-operations.ts";
import { Masking } from "./masking.ts";
import { Add, Average, Maximum, Minimum, Multiply, Subtract } from "./merge.ts";
import { MultiHeadAttention } from "./multi-head-attention.ts";
import { Permute } from "./permute.ts";
import {
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  MaxPooling1D,
  MaxPooling2D,
  MaxPooling3D,
} from "./pooling.ts";
import { ConvLSTM2DCell } from "./recurrent/conv-lstm-cell.ts";
import { GRUCell } from "./recurrent/gru-cell.ts";
import { LSTMCell } from "./recurrent/lstm-cell.ts";
import { SimpleRNNCell } from "./recurrent/simple-rnn-cell.ts";
import { ReLU } from "./relu.ts";
import { RepeatVector } from "./repeat-vector.ts";
import { Normalization, Rescaling } from "./rescaling.ts";
import { Reshape } from "./reshape.ts";
import { CenterCrop, Resizing } from "./resizing.ts";
import { RNN, StackedRNNCells } from "./rnn.ts";
import { type LayerRule, type Unsupported, unsupported } from "./rule.ts";
import { SimpleRNN } from "./simple-rnn.ts";
import { Softmax } from "./softmax.ts";
import { FoldTime, TimeDistributed, UnfoldTime } from "./time-distributed.ts";
import { RMSNormalization, UnitNormalization } from "./unit-normalization.ts";
import { UpSampling1D, UpSampling2D, UpSampling3D } from "./up-sampling.ts";
import { ZeroPadding1D, ZeroPadding2D, ZeroPadding3D } from "./zero-padding.ts";

/** Models inside models are written out where the source is read; the rest of what holds layers takes no models. */
const model = unsupported("a model where only a layer can be");

const text = unsupported("looks words or numbers up in a table; do it before the model");

/** Every layer class of tfjs-layers 4.22, and those of Keras that have a rule, by Keras name: a rule, or why there is none. */
export const layers = {
  // Models as layers
  Functional: model,
  Model: model,
  Sequential: model,
  // Input, core
  Activation,
  Dense,
  Dropout,
  Embedding,
  Flatten,
  InputLayer,
  Masking,
  Permute,
  RepeatVector,
  Reshape,
  SpatialDropout1D,
  ActivityRegularization,
  Identity,
  SpatialDropout2D,
  SpatialDropout3D,
  // Activations
  ELU,
  LeakyReLU,
  PReLU,
  ReLU,
  Softmax,
  ThresholdedReLU,
  // Convolution, padding, resizing
  Conv1D,
  Conv2D,
  Conv2DTranspose,
  Conv3D,
  Conv3DTranspose,
  ConvLSTM1D,
  ConvLSTM2D,
  ConvLSTM2DCell,
  ConvLSTM3D,
  Cropping2D,
  DepthwiseConv2D,
  SeparableConv2D,
  UpSampling2D,
  ZeroPadding2D,
  Conv1DTranspose,
  Cropping1D,
  Cropping3D,
  DepthwiseConv1D,
  SeparableConv1D,
  UpSampling1D,
  UpSampling3D,
  ZeroPadding1D,
  ZeroPadding3D,
  // Pooling
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  MaxPooling1D,
  MaxPooling2D,
  MaxPooling3D,
  GlobalAveragePooling3D,
  GlobalMaxPooling3D,
  // Merging
  Add,
  Average,
  Concatenate,
  Dot,
  Maximum,
  Minimum,
  Multiply,
  Subtract,
  // Noise
  AlphaDropout,
  GaussianDropout,
  GaussianNoise,
  // Normalization
  BatchNormalization,
  LayerNormalization,
  GroupNormalization,
  RMSNormalization,
  UnitNormalization,
  // Attention and what Keras alone has beside it
  AdditiveAttention,
  Attention,
  EinsumDense,
  MultiHeadAttention,
  // Recurrent, wrappers
  Bidirectional,
  GRU,
  GRUCell,
  LSTM,
  LSTMCell,
  RNN,
  SimpleRNN,
  SimpleRNNCell,
  StackedRNNCells,
  TimeDistributed,
  // Preprocessing
  CategoryEncoding,
  CenterCrop,
  Rescaling,
  Resizing,
  Discretization,
  Normalization,
  RandomCrop: unsupported("Keras 2 and 3 disagree on what it does at inference"),
  RandomBrightness: RandomPicture,
  RandomColorDegeneration: RandomPicture,
  RandomColorJitter: RandomPicture,
  RandomContrast: RandomPicture,
  RandomElasticTransform: RandomPicture,
  RandomErasing: RandomPicture,
  RandomFlip: RandomPicture,
  RandomGaussianBlur: RandomPicture,
  RandomGrayscale: RandomPicture,
  RandomHeight: RandomPicture,
  RandomHue: RandomPicture,
  RandomInvert: RandomPicture,
  RandomPerspective: RandomPicture,
  RandomPosterization: RandomPicture,
  RandomRotation: RandomPicture,
  RandomSaturation: RandomPicture,
  RandomSharpness: RandomPicture,
  RandomShear: RandomPicture,
  RandomTranslation: RandomPicture,
  RandomZoom: RandomPicture,
  RandomWidth: RandomPicture,
  AugMix: RandomPicture,
  CutMix: RandomPicture,
  MixUp: RandomPicture,
  RandAugment: RandomPicture,
  // Without a form in ONNX
  HashedCrossing: text,
  Hashing: text,
  IntegerLookup: text,
  Lambda: unsupported("a Python function, which no file describes; write it in layers"),
  StringLookup: text,
  TextVectorization: text,
} satisfies Record<string, LayerRule | Unsupported>;

export type LayerClass = keyof typeof layers;

/** What reading a source puts between its layers. */
const between = { [FOLD_TIME]: FoldTime, [UNFOLD_TIME]: UnfoldTime, ...maskOperations };

const all: Readonly<Record<string, LayerRule | Unsupported>> = { ...layers, ...between };

/** The rule of a class name read from a file, or why there is none. */
export const ruleOf = (className: string): LayerRule | Unsupported =>
  Object.hasOwn(all, className)
    ? all[className]!
    : unsupported("not a layer that is known; custom layers have no rule");
