import { axes, flag, optional } from "../config/fields.ts";
import { axisOf, several } from "./parts/inputs.ts";
import { l2Normalize } from "./parts/l2.ts";
import { reshapeTo, type Size, sizesOf } from "./parts/sizes.ts";
import { layer } from "./rule.ts";

/**
 * For every example, the sums over one axis of each input: [batch, the other axes of the first, the other axes of the
 * second]; [batch, 1] where there are none. `normalize` makes it their cosine.
 */
export const Dot = layer({
  config: { axes, normalize: optional(flag, false) },
  emit(call) {
    const { b, config, name } = call;
    const [first, second] = several(call, 2);
    const [a = -1, c = a] = config.axes;
    const [alongFirst, alongSecond] = [axisOf(call, first, a), axisOf(call, second, c)];
    const [x, y] = config.normalize
      ? [l2Normalize(b, first, [alongFirst]), l2Normalize(b, second, [alongSecond])]
      : [first, second];
    const others = (rank: number, along: number): number[] =>
      Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis > 0 && axis !== along);
    const [rows, columns] = [others(x.rank, alongFirst), others(y.rank, alongSecond)];
    const [xSizes, ySizes] = [sizesOf(first), sizesOf(second)];
    // [batch, rows, k] x [batch, k, columns], whatever number of axes rows and columns are.
    const left = b.transpose(x, [0, ...rows, alongFirst]);
    const right = b.transpose(y, [0, alongSecond, ...columns]);
    const flatLeft =
      rows.length === 1 ? left : reshapeTo(b, left, [xSizes[0]!, flat(rows, xSizes), xSizes[alongFirst]!]);
    const flatRight =
      columns.length === 1 ? right : reshapeTo(b, right, [ySizes[0]!, ySizes[alongSecond]!, flat(columns, ySizes)]);
    if (rows.length === 1 && columns.length === 1) return b.op("MatMul", [flatLeft, flatRight], {}, name);
    const product = b.matmul(flatLeft, flatRight);
    const kept = [...rows.map((axis) => xSizes[axis]!), ...columns.map((axis) => ySizes[axis]!)];
    return reshapeTo(b, product, [xSizes[0]!, ...(kept.length === 0 ? [1] : kept)], name);
  },
});

/** Several axes as one: their product where it is known, else what is left over. */
function flat(axes: readonly number[], sizes: readonly Size[]): number {
  const dims = axes.map((axis) => {
    const size = sizes[axis]!;
    const dim = typeof size === "number" ? size : size.of.shape[size.axis];
    return typeof dim === "number" ? dim : Number.NaN;
  });
  const product = dims.reduce((a, dim) => a * dim, 1);
  return Number.isNaN(product) ? -1 : product;
}
