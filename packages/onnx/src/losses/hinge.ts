import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { type Loss, meanLast, ofValues, sumLast } from "./loss.ts";

const margin = (b: Builder, labels: Value, y: Value): Value => b.max(0, b.sub(1, b.mul(labels, y)));

/** Mean of max(0, 1 - label · prediction), labels -1 or 1. */
export const hinge = (): Loss => ofValues((b, labels, y) => meanLast(b, margin(b, labels, y)));

/** Mean of max(0, 1 - label · prediction)². */
export const squaredHinge = (): Loss =>
  ofValues((b, labels, y) => {
    const m = margin(b, labels, y);
    return meanLast(b, b.mul(m, m));
  });

/** max(0, 1 + the best wrong class - the right class), labels one-hot. */
export const categoricalHinge = (): Loss =>
  ofValues((b, labels, y) => {
    const right = sumLast(b, b.mul(labels, y));
    const wrong = b.op("ReduceMax", [b.mul(b.sub(1, labels), y)], { axes: [y.rank - 1], keepdims: 0 });
    return b.max(0, b.add(b.sub(wrong, right), 1));
  });
