import { axisOf } from "../../infer/rules.ts";
import type { Rule } from "../translation.ts";

/** x - max(x), less the logarithm of the sum of its exponentials. */
export const logSoftmax: Rule<"LogSoftmax"> = (node, t) => {
  const { b } = t;
  const { stored, order } = t.view(node.inputs[0]!);
  const axis = order.indexOf(axisOf(node.attrs.axis, order.length));
  const shifted = b.sub(stored, b.op("ReduceMax", [stored], { axes: [axis], keepdims: 1 }));
  const sum = b.sum(b.exp(shifted), [axis], 1);
  t.set(node.output, b.sub(shifted, b.op("Log", [sum], {})), order);
};
