import type { Value } from "../ir/value.ts";
import type { Rewrites } from "../passes/local.ts";

/** Operators in terms of those of opset 13, for files of an opset that has them not yet. */
export const decompositions: Rewrites = {
  /** (x - mean) / sqrt(variance + epsilon) * scale + bias over `axis` and what follows; opset 17. */
  LayerNormalization(node, { b }) {
    const [x, scale, bias] = node.inputs as [Value, Value, Value | undefined];
    const first = node.attrs.axis < 0 ? node.attrs.axis + x.rank : node.attrs.axis;
    const axes = Array.from({ length: x.rank - first }, (_, i) => first + i);
    const centred = b.sub(x, b.mean(x, axes, 1));
    const variance = b.mean(b.mul(centred, centred), axes, 1);
    const scaled = b.mul(b.div(centred, b.sqrt(b.add(variance, node.attrs.epsilon))), scale);
    return bias ? b.add(scaled, bias) : scaled;
  },
};
