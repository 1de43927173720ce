import { ResonnxError } from "@resonnx/base";
import type { LossConfig, LossName } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";

/** One number for each row of labels and predictions. */
export type TfjsLoss = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/** The losses that tfjs hands out as functions. */
const table: { readonly [L in LossName]?: TfjsLoss } = {
  binaryCrossentropy: tf.metrics.binaryCrossentropy,
  categoricalCrossentropy: tf.metrics.categoricalCrossentropy,
  cosineProximity: tf.metrics.cosineProximity,
  meanAbsoluteError: tf.metrics.meanAbsoluteError,
  meanAbsolutePercentageError: tf.metrics.meanAbsolutePercentageError,
  meanSquaredError: tf.metrics.meanSquaredError,
};

function find(config: LossConfig): TfjsLoss | undefined {
  const { name, ...options } = typeof config === "string" ? { name: config } : config;
  return Object.keys(options).length === 0 ? table[name] : undefined;
}

export const hasTfjsLoss = (config: LossConfig): boolean => find(config) !== undefined;

/** Throws `unsupported` for a loss, or options of one, that tfjs doesn't have. */
export function tfjsLoss(config: LossConfig): TfjsLoss {
  const found = find(config);
  if (found) return found;
  throw new ResonnxError("unsupported", {
    where: "engine tfjs",
    what: "a loss that it doesn't have",
    got: JSON.stringify(config),
    wanted: Object.keys(table).join(", "),
    hint: "train with engine onnx",
  });
}
