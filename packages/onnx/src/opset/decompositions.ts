import type { Value } from "../ir/value.ts";
import type { Rewrites } from "../passes/local.ts";

/** Operators in terms of those of opset 13, for files of an opset that has them not yet. */
export const decompositions: Rewrites = {
  /** 0.5 * x * (1 + erf(x / sqrt(2))), or 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))); opset 20. */
  Gelu(node, { b }) {
    const x = node.inputs[0]!;
    const cubic = () => b.mul(b.add(x, b.mul(b.mul(b.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    const bounded =
      node.attrs.approximate === "tanh" ? b.op("Tanh", [cubic()], {}) : b.op("Erf", [b.div(x, Math.SQRT2)], {});
    return b.mul(b.mul(x, b.add(bounded, 1)), 0.5);
  },

  /** x * HardSigmoid(x, 1/6, 1/2); opset 14. */
  HardSwish(node, { b }) {
    const x = node.inputs[0]!;
    return b.mul(x, b.op("HardSigmoid", [x], { alpha: 1 / 6, beta: 0.5 }));
  },

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
