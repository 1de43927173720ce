import { ResonnxError } from "@resonnx/base";
import { nullable, text } from "../config/fields.ts";
import { activate, activation } from "./parts/activation.ts";
import { only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** activation(einsum(equation, x, kernel) + bias) */
export const EinsumDense = layer({
  config: { equation: text, bias_axes: nullable(text), activation },
  masks: passMask,
  emit(call) {
    const { b, config, name, weight, where } = call;
    const { equation } = config;
    const [, kernel] = /^[^,]*,([a-zA-Z]+)->/.exec(equation.replaceAll(" ", "")) ?? [];
    if (!kernel)
      throw new ResonnxError("bad-input", { where, what: `config "equation"`, got: equation, wanted: "ab,bc->ac" });
    const product = b.op("Einsum", [only(call), weight("kernel", kernel.length)], { equation }, name);
    const bias = config.bias_axes ? b.add(product, weight("bias", biasRank(equation, config.bias_axes))) : product;
    return activate(b, config.activation, bias, `${name}/${config.activation}`);
  },
});

/** Keras keeps an axis of the output, from the first one with a bias on; those without have size 1. */
function biasRank(equation: string, axes: string): number {
  const output = equation.slice(equation.indexOf("->") + 2).replaceAll(/[ .]/g, "");
  return output.length - Math.min(...[...axes].map((axis) => output.indexOf(axis)));
}
