import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { clip, EPSILON, type Loss, ofValues, sumLast } from "./loss.ts";

/** Σ label · log(label / prediction), both kept within [1e-7, 1]. */
export const kullbackLeiblerDivergence = (): Loss =>
  ofValues((b, labels, y) => {
    const [p, q] = [labels, y].map((x) => clip(b, x, EPSILON, 1)) as [Value, Value];
    return sumLast(b, b.mul(labels, b.op("Log", [b.div(p, q)], {})));
  });

const normalized = (b: Builder, x: Value): Value => b.div(x, b.sqrt(b.max(sumLast(b, b.mul(x, x), 1), EPSILON)));

/** Minus the cosine between labels and predictions. */
export const cosineProximity = (): Loss =>
  ofValues((b, labels, y) => b.neg(sumLast(b, b.mul(normalized(b, labels), normalized(b, y)))));
