import type { Rule } from "../translation.ts";

/** dy where y > 0, in whatever order y is held. */
export const reluGrad: Rule<"ReluGrad"> = (node, t) => {
  const [dy, y] = node.inputs;
  const { stored, order } = t.view(y!);
  t.set(node.output, t.b.where(t.b.greater(stored, 0), t.read(dy!, order), 0), order);
};
