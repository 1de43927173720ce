import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";

/** How far predictions are from labels, as a graph builder. */
export interface Loss {
  /** `values`: labels of the predictions' shape. `classes`: class numbers, the predictions' shape without its last axis. */
  readonly labels: "values" | "classes";
  /** One number for each row along the predictions' last axis: their shape without that axis. */
  emit(b: Builder, labels: Value, predictions: Value): Value;
}

/** Keras' guard against log(0) and division by 0. */
export const EPSILON = 1e-7;

/** `x` kept within [least, most]; no gradient outside. */
export const clip = (b: Builder, x: Value, least: number, most: number): Value => b.min(b.max(x, least), most);

export const meanLast = (b: Builder, x: Value): Value => b.mean(x, [x.rank - 1], 0);
export const sumLast = (b: Builder, x: Value, keepdims: 0 | 1 = 0): Value => b.sum(x, [x.rank - 1], keepdims);

/** A loss of labels of the predictions' shape. */
export const ofValues = (emit: Loss["emit"]): Loss => ({ labels: "values", emit });
