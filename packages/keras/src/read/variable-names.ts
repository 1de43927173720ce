import type { JsonObject } from "../config/model-config.ts";

type Names = (config: JsonObject) => readonly string[];

const kernel = () => ["kernel", "bias"];
const depthwise = () => ["depthwise_kernel", "bias"];
const separable = () => ["depthwise_kernel", "pointwise_kernel", "bias"];
const cell = () => ["kernel", "recurrent_kernel", "bias"];
const norm: Names = ({ scale, center }) => [
  ...(scale === false ? [] : ["gamma"]),
  ...(center === false ? [] : ["beta"]),
];

/** The names of each class' variables in the order in which Keras 3 numbers them; a layer without bias has one less. */
const NAMES: { readonly [className: string]: Names } = {
  Dense: kernel,
  EinsumDense: kernel,
  Conv1D: kernel,
  Conv2D: kernel,
  Conv3D: kernel,
  Conv1DTranspose: kernel,
  Conv2DTranspose: kernel,
  Conv3DTranspose: kernel,
  DepthwiseConv1D: depthwise,
  DepthwiseConv2D: depthwise,
  SeparableConv1D: separable,
  SeparableConv2D: separable,
  BatchNormalization: (config) => [...norm(config), "moving_mean", "moving_variance"],
  LayerNormalization: norm,
  GroupNormalization: norm,
  RMSNormalization: () => ["scale"],
  Normalization: () => ["mean", "variance", "count"],
  Embedding: () => ["embeddings"],
  PReLU: () => ["alpha"],
  Attention: ({ use_scale, score_mode }) => [
    ...(use_scale === true ? ["scale"] : []),
    ...(score_mode === "concat" ? ["concat_score_weight"] : []),
  ],
  AdditiveAttention: () => ["scale"],
  SimpleRNNCell: cell,
  GRUCell: cell,
  LSTMCell: cell,
  SimpleRNN: cell,
  GRU: cell,
  LSTM: cell,
  ConvLSTM1D: cell,
  ConvLSTM2D: cell,
  ConvLSTM3D: cell,
};

/** Whether layers of the class have variables, as far as is known. */
export const hasVariables = (className: string): boolean => Object.hasOwn(NAMES, className);

/** The names of a layer's variables; for classes that no table knows, their numbers. */
export function variableNames(className: string, config: JsonObject, count: number): string[] {
  const names = Object.hasOwn(NAMES, className) ? NAMES[className]!(config) : [];
  return Array.from({ length: count }, (_, i) => names[i] ?? String(i));
}

/** Layers inside a layer that has no config for them, by the folder they lie in: Keras 3's, Keras 2's begins with `_`. */
export const INNER_LAYERS: ReadonlyMap<string, string> = new Map([
  ["query_dense", "query"],
  ["key_dense", "key"],
  ["value_dense", "value"],
  ["output_dense", "attention_output"],
]);
