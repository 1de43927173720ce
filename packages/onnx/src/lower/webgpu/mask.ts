import type { Builder } from "../../builder/builder.ts";
import type { Value } from "../../ir/value.ts";
import type { Rule } from "../translation.ts";

/**
 * 1 where a condition holds, else 0, to multiply with. Not Where: onnxruntime moves transposes through it onto the
 * condition, and WebGPU has no Transpose of bool, so that one would run on the CPU.
 */
export const mask = (b: Builder, condition: Value): Value => b.op("Cast", [condition], { to: "float32" });

/** dy where y > 0, in whatever order y is held. */
export const reluGrad: Rule<"ReluGrad"> = (node, t) => {
  const [dy, y] = node.inputs;
  const { stored, order } = t.view(y!);
  t.set(node.output, t.b.mul(t.read(dy!, order), mask(t.b, t.b.greater(stored, 0))), order);
};
