import { staticShape } from "../../autodiff/vjp.ts";
import type { Builder } from "../../builder/builder.ts";
import { floats, tensor } from "../../ir/tensor.ts";
import { sizeOf } from "../../ir/types.ts";
import type { Value } from "../../ir/value.ts";
import type { Attrs } from "../../ops/index.ts";
import type { Order } from "../translation.ts";

/** A sliding window over any number of spatial axes of known sizes. A `row` is one place of the window, a `tap` one place inside. */
export interface WindowNd {
  readonly n: number;
  readonly channels: number;
  readonly sizes: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  /** Before each axis. */
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  /** Places of the window along each axis. */
  readonly places: readonly number[];
}

/** Axes of [n,c,...] with the channels last. */
export const channelsLast = (rank: number): Order => [0, ...spatialAxes(rank), 1];
/** Axes of a kernel [co,ci,...] as Keras keeps them: [...,ci,co]. */
export const kernelLast = (rank: number): Order => [...spatialAxes(rank), 1, 0];
const spatialAxes = (rank: number): number[] => Array.from({ length: rank - 2 }, (_, i) => i + 2);

/** The window of a convolution or pooling over x [n,c,...], whose result, or its gradient, is `y`. */
export function windowNd(x: Value, y: Value, attrs: Attrs<"Conv"> | Attrs<"MaxPool">): WindowNd {
  const [n, channels, ...sizes] = staticShape(x.shape) as [number, number, ...number[]];
  const ones = sizes.map(() => 1);
  return {
    n,
    channels,
    sizes,
    kernel: attrs.kernel_shape,
    strides: attrs.strides ?? ones,
    pads: attrs.pads?.slice(0, sizes.length) ?? sizes.map(() => 0),
    dilations: ("dilations" in attrs ? attrs.dilations : undefined) ?? ones,
    places: staticShape(y.shape).slice(2),
  };
}

export const tapsOf = ({ kernel }: WindowNd): number => sizeOf(kernel);
export const rowsOf = ({ n, places }: WindowNd): number => n * sizeOf(places);
const keyOf = (win: WindowNd): string => JSON.stringify({ ...win, channels: 0 });

/** Every index of a grid, in row-major order. */
function* grid(dims: readonly number[]): Generator<readonly number[]> {
  const index = dims.map(() => 0);
  for (let left = sizeOf(dims); left > 0; left--) {
    yield index;
    for (let axis = dims.length - 1; axis >= 0 && ++index[axis]! === dims[axis]; axis--) index[axis] = 0;
  }
}

/** Row-major place of an index; -1 outside of the grid. */
function placeIn(dims: readonly number[], index: (axis: number) => number): number {
  let place = 0;
  for (const [axis, dim] of dims.entries()) {
    const i = index(axis);
    if (!Number.isInteger(i) || i < 0 || i >= dim) return -1;
    place = place * dim + i;
  }
  return place;
}

const taken = (b: Builder, rows: Value, table: Value): Value => b.gather(rows, table, 0);

/** Rows [count, c] with a last one filled with one number, which tables point to for what lies outside. */
const withLast = (b: Builder, rows: Value, value: number): Value =>
  b.concat([rows, b.filled([1, rows.shape[1] as number], value)], 0);

/**
 * Pictures [n,...,c] as [rows, taps, c]: what lies in each window; `outside` stands for padding. A Gather of whole
 * pixels by a constant table.
 */
export function windowsOf(b: Builder, x: Value, win: WindowNd, outside: number): Value {
  const { n, channels, sizes, kernel, strides, pads, dilations, places } = win;
  const pixels = sizeOf(sizes);
  const table = b.once(`windows ${keyOf(win)}`, () => {
    const indices: number[] = [];
    for (let picture = 0; picture < n; picture++)
      for (const place of grid(places))
        for (const tap of grid(kernel)) {
          const at = placeIn(
            sizes,
            (axis) => place[axis]! * strides[axis]! - pads[axis]! + tap[axis]! * dilations[axis]!,
          );
          indices.push(at < 0 ? n * pixels : picture * pixels + at);
        }
    return tensor("int32", [indices.length], Int32Array.from(indices));
  });
  const rows = withLast(b, b.reshape(x, [n * pixels, channels]), outside);
  return b.reshape(taken(b, rows, table), [rowsOf(win), tapsOf(win), channels]);
}

/**
 * The other way: windows [rows, taps, c] summed where they lie in pictures [n,...,c]. At each tap at most one window
 * reads a pixel, so a pixel is the sum over taps of one element each: a Gather and a ReduceSum, in a fixed order.
 */
export function summedWindows(b: Builder, windows: Value, win: WindowNd): Value {
  const { n, channels, sizes, kernel, strides, pads, dilations, places } = win;
  const [taps, perPicture] = [tapsOf(win), sizeOf(places)];
  const table = b.once(`windows back ${keyOf(win)}`, () => {
    const indices: number[] = [];
    for (let picture = 0; picture < n; picture++)
      for (const pixel of grid(sizes)) {
        let number = 0;
        for (const tap of grid(kernel)) {
          const at = placeIn(
            places,
            (axis) => (pixel[axis]! + pads[axis]! - tap[axis]! * dilations[axis]!) / strides[axis]!,
          );
          indices.push(at < 0 ? rowsOf(win) * taps : (picture * perPicture + at) * taps + number);
          number++;
        }
      }
    return tensor("int32", [indices.length], Int32Array.from(indices));
  });
  const rows = withLast(b, b.reshape(windows, [rowsOf(win) * taps, channels]), 0);
  const gathered = b.reshape(taken(b, rows, table), [n * sizeOf(sizes), taps, channels]);
  return b.reshape(b.sum(gathered, [1], 0), [n, ...sizes, channels]);
}

/** How many pixels each window holds, [rows, 1, 1]: all its taps, or those inside the picture. */
export function countsOf(b: Builder, win: WindowNd, countPadding: boolean): Value {
  const { n, sizes, kernel, strides, pads, places } = win;
  return b.once(`window sizes ${countPadding} ${keyOf(win)}`, () => {
    const counts: number[] = [];
    for (const place of grid(places)) {
      let count = 0;
      for (const tap of grid(kernel))
        if (countPadding || placeIn(sizes, (axis) => place[axis]! * strides[axis]! - pads[axis]! + tap[axis]!) >= 0)
          count++;
      counts.push(count);
    }
    return floats([rowsOf(win), 1, 1], Array.from({ length: n }, () => counts).flat());
  });
}
