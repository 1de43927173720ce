import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { EPSILON, type Loss, meanLast, ofValues } from "./loss.ts";

const square = (b: Builder, x: Value): Value => b.mul(x, x);

/** Mean of (prediction - label)². */
export const meanSquaredError = (): Loss => ofValues((b, labels, y) => meanLast(b, square(b, b.sub(y, labels))));

/** Mean of |prediction - label|. */
export const meanAbsoluteError = (): Loss => ofValues((b, labels, y) => meanLast(b, b.abs(b.sub(y, labels))));

/** 100 times the mean of |(label - prediction) / label|. */
export const meanAbsolutePercentageError = (): Loss =>
  ofValues((b, labels, y) => b.mul(meanLast(b, b.abs(b.div(b.sub(labels, y), b.max(b.abs(labels), EPSILON)))), 100));

/** Mean of (log(1 + prediction) - log(1 + label))², both from 0 up. */
export const meanSquaredLogarithmicError = (): Loss =>
  ofValues((b, labels, y) => {
    const log = (x: Value): Value => b.op("Log", [b.add(b.max(x, EPSILON), 1)], {});
    return meanLast(b, square(b, b.sub(log(y), log(labels))));
  });

export interface HuberOptions {
  /** Where the loss turns from a square to a line. */
  readonly delta?: number;
}

/** Huber 1964: e²/2 where |e| <= delta, else delta · (|e| - delta/2), mean; as q·(|e| - q/2) with q = min(|e|, delta). */
export const huber = ({ delta = 1 }: HuberOptions = {}): Loss =>
  ofValues((b, labels, y) => {
    const error = b.abs(b.sub(y, labels));
    const q = b.min(error, delta);
    return meanLast(b, b.mul(q, b.sub(error, b.mul(q, 0.5))));
  });

/** Mean of log(cosh(e)) = |e| + log(1 + exp(-2|e|)) - log 2, stable for large errors. */
export const logcosh = (): Loss =>
  ofValues((b, labels, y) => {
    const error = b.abs(b.sub(y, labels));
    const tail = b.op("Log", [b.add(b.exp(b.mul(error, -2)), 1)], {});
    return meanLast(b, b.sub(b.add(error, tail), Math.LN2));
  });

/** Mean of prediction - label · log(prediction): the negative log-likelihood of counts, up to a constant. */
export const poisson = (): Loss =>
  ofValues((b, labels, y) => meanLast(b, b.sub(y, b.mul(labels, b.op("Log", [b.add(y, EPSILON)], {})))));
