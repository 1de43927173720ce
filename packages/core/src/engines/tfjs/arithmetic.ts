import type { Arithmetic } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";

/** The optimizers' arithmetic on tfjs tensors: the formulas are those of the step graphs, so either engine continues the other's checkpoints. */
export const arithmetic: Arithmetic<tf.Tensor> = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  div: (a, b) => tf.div(a, b),
  max: (a, b) => tf.maximum(a, b),
  min: (a, b) => tf.minimum(a, b),
  sqrt: (x) => tf.sqrt(x),
  abs: (x) => tf.abs(x),
  total: (x) => tf.sum(x),
};
