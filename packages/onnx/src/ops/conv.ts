import { operand, refuse, sameDtype, windowDims } from "../infer/rules.ts";
import { isStatic, sameDim } from "../ir/types.ts";
import { op } from "./op.ts";

/** Conv(x [N,C,...], w [M,C/group,...], bias? [M]). Explicit pads only: `auto_pad` is wrong on WebGPU (onnxruntime #26734). */
export const Conv = op({
  attrs: { kernel_shape: "ints", strides: "ints?", pads: "ints?", dilations: "ints?", group: "int?" },
  arity: [2, 3],
  infer(inputs, attrs) {
    const x = operand(inputs, 0);
    const w = operand(inputs, 1);
    const spatial = x.shape.slice(2);
    if (x.rank < 3 || w.rank !== x.rank)
      throw refuse("input and kernel need one rank of 3 or more", `${x.rank} and ${w.rank}`);
    const channels = x.shape[1]!;
    const perGroup = w.shape[1]!;
    if (typeof channels === "number" && typeof perGroup === "number" && channels !== perGroup * (attrs.group ?? 1)) {
      throw refuse("the kernel reads another number of channels", `${perGroup * (attrs.group ?? 1)}`, `${channels}`);
    }
    const kernel = w.shape.slice(2);
    if (isStatic(kernel) && !kernel.every((dim, i) => sameDim(dim, attrs.kernel_shape[i] ?? -1))) {
      throw refuse("kernel_shape differs from the kernel", `[${attrs.kernel_shape}]`, `[${kernel}]`);
    }
    return [
      {
        dtype: sameDtype(inputs),
        shape: [x.shape[0]!, w.shape[0]!, ...windowDims(spatial, { kernel: attrs.kernel_shape, ...attrs })],
      },
    ];
  },
});
