import { like, operand, refuse } from "../infer/rules.ts";
import { op } from "./op.ts";

/*
 * Operators that exist between differentiation and lowering only. They have no ONNX counterpart: a lowering table turns
 * each into what its target runs well, and the encoder refuses them.
 */

const conv = { kernel_shape: "ints", strides: "ints?", pads: "ints?", dilations: "ints?", group: "int?" } as const;
const pool = { kernel_shape: "ints", strides: "ints?", pads: "ints?" } as const;

/** ConvInputGrad(dy, w, x): dx; x gives its shape only. */
export const ConvInputGrad = op({
  domain: "resonnx",
  attrs: conv,
  arity: [3, 3],
  infer: (inputs) => [like(operand(inputs, 2))],
});

/** ConvKernelGrad(dy, x, w): dw; w gives its shape only. */
export const ConvKernelGrad = op({
  domain: "resonnx",
  attrs: conv,
  arity: [3, 3],
  infer: (inputs) => [like(operand(inputs, 2))],
});

/** MaxPoolGrad(dy, x, y): dx. Ties: the gradient goes to the first maximum of a window. */
export const MaxPoolGrad = op({
  domain: "resonnx",
  attrs: pool,
  arity: [3, 3],
  infer: (inputs) => [like(operand(inputs, 1))],
});

/** AveragePoolGrad(dy, x): dx; x gives its shape only. */
export const AveragePoolGrad = op({
  domain: "resonnx",
  attrs: { ...pool, count_include_pad: "int?" },
  arity: [2, 2],
  infer: (inputs) => [like(operand(inputs, 1))],
});

/** BatchNormGrad(dy, x, scale): dx, dscale, dbias of a BatchNormalization in training mode. */
export const BatchNormGrad = op({
  domain: "resonnx",
  attrs: { epsilon: "float" },
  arity: [3, 3],
  infer(inputs, _attrs, outputs) {
    if (outputs !== 3) throw refuse("has three outputs", `${outputs}`);
    const scale = like(operand(inputs, 2));
    return [like(operand(inputs, 1)), scale, scale];
  },
});

/** ReluGrad(dy, y): dy where y > 0, else 0. */
export const ReluGrad = op({ domain: "resonnx", arity: [2, 2], infer: (inputs) => [like(operand(inputs, 1))] });
