import { dimsOf } from "../infer/dims-of.ts";
import { constantInts, operand, refuse } from "../infer/rules.ts";
import { type Dim, UNKNOWN } from "../ir/types.ts";
import { op } from "./op.ts";

/** Resize(x, roi?, scales?, sizes?): by scales, output size floor(size * scale), or to sizes; one of the two. */
export const Resize = op({
  attrs: {
    mode: "string",
    coordinate_transformation_mode: "string",
    nearest_mode: "string?",
    cubic_coeff_a: "float?",
    exclude_outside: "int?",
  },
  arity: [3, 4],
  infer(inputs) {
    const x = operand(inputs, 0);
    const [, , scales, sizes] = inputs;
    if ((scales === undefined) === (sizes === undefined)) throw refuse("scales or sizes are needed, and not both");
    const shape = sizes ? dimsOf(sizes) : scaled(x.shape, constantInts(scales));
    if (shape.length !== x.rank) throw refuse("one size an axis is needed", `${shape.length}`, `${x.rank}`);
    return [{ dtype: x.type.dtype, shape }];
  },
});

const scaled = (shape: readonly Dim[], scales: readonly number[] | undefined): Dim[] =>
  (scales ?? shape.map(() => Number.NaN)).map((scale, axis) => {
    const dim = shape[axis] ?? UNKNOWN;
    if (scale === 1) return dim;
    return typeof dim === "number" && !Number.isNaN(scale) ? Math.floor(dim * scale) : UNKNOWN;
  });
