import { operand, refuse, sameDtype } from "../infer/rules.ts";
import { type Dim, UNKNOWN } from "../ir/types.ts";
import { op } from "./op.ts";

/**
 * ConvTranspose(x [N,C,...], w [C,M/group,...], bias? [M]): the input gradient of Conv as a layer. Output size:
 * stride * (in - 1) + output_padding + dilation * (k - 1) + 1 - pads. Explicit pads only, never `output_shape`.
 */
export const ConvTranspose = op({
  attrs: {
    kernel_shape: "ints",
    strides: "ints?",
    pads: "ints?",
    dilations: "ints?",
    group: "int?",
    output_padding: "ints?",
  },
  arity: [2, 3],
  infer(inputs, attrs) {
    const [x, w] = [operand(inputs, 0), operand(inputs, 1)];
    if (x.rank < 3 || w.rank !== x.rank)
      throw refuse("input and kernel need one rank of 3 or more", `${x.rank} and ${w.rank}`);
    const [channels, reads] = [x.shape[1]!, w.shape[0]!];
    if (typeof channels === "number" && typeof reads === "number" && channels !== reads)
      throw refuse("the kernel reads another number of channels", `${reads}`, `${channels}`);
    const perGroup = w.shape[1]!;
    const filters = typeof perGroup === "number" ? perGroup * (attrs.group ?? 1) : UNKNOWN;
    const spatial = x.shape.slice(2).map((dim, axis): Dim => {
      const stride = attrs.strides?.[axis] ?? 1;
      const reach = (attrs.dilations?.[axis] ?? 1) * (attrs.kernel_shape[axis]! - 1) + 1;
      const pads = (attrs.pads?.[axis] ?? 0) + (attrs.pads?.[axis + x.rank - 2] ?? 0);
      const added = (attrs.output_padding?.[axis] ?? 0) + reach - pads;
      if (typeof dim === "number") return stride * (dim - 1) + added;
      return stride === 1 && added === 1 ? dim : UNKNOWN;
    });
    return [{ dtype: sameDtype(inputs), shape: [x.shape[0]!, filters, ...spatial] }];
  },
});
