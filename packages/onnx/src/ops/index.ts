import * as activation from "./activation.ts";
import { Conv } from "./conv.ts";
import { ConvTranspose } from "./conv-transpose.ts";
import { Einsum } from "./einsum.ts";
import * as elementwise from "./elementwise.ts";
import * as gradient from "./gradient.ts";
import { Gemm, MatMul } from "./matrix.ts";
import { BatchNormalization, InstanceNormalization, LayerNormalization } from "./normalization.ts";
import type { AttrsFrom, Op } from "./op.ts";
import { CumSum, TopK } from "./order.ts";
import { AveragePool, GlobalAveragePool, MaxPool } from "./pool.ts";
import { DequantizeLinear, QuantizeLinear } from "./quantize.ts";
import { GRU, LSTM, RNN } from "./recurrent.ts";
import { ArgMax, ReduceMax, ReduceMean, ReduceSum } from "./reduce.ts";
import { Resize } from "./resize.ts";
import * as shape from "./shape.ts";
import { LogSoftmax, Softmax } from "./softmax.ts";

/** Every operator, by its ONNX name. The closed set that all rule tables are typed over. */
export const ops = {
  ...activation,
  ...elementwise,
  ...shape,
  ...gradient,
  ArgMax,
  AveragePool,
  BatchNormalization,
  Conv,
  CumSum,
  DequantizeLinear,
  ConvTranspose,
  Einsum,
  GRU,
  Gemm,
  GlobalAveragePool,
  InstanceNormalization,
  LSTM,
  LayerNormalization,
  LogSoftmax,
  MatMul,
  MaxPool,
  QuantizeLinear,
  RNN,
  ReduceMax,
  ReduceMean,
  ReduceSum,
  Resize,
  Softmax,
  TopK,
};

export type OpName = keyof typeof ops;
export type Attrs<K extends OpName> = (typeof ops)[K] extends Op<infer S> ? AttrsFrom<S> : never;

export const isOpName = (name: string): name is OpName => Object.hasOwn(ops, name);
