import type { Builder } from "../../builder/builder.ts";
import type { Value } from "../../ir/value.ts";
import { NHWC, type Window2d, window2d } from "../forms/window.ts";
import type { Rule } from "../translation.ts";
import { mask } from "./mask.ts";

/** Padding that no maximum is equal to. */
const LOWEST = -3e38;

/** A place in a window. */
type Tap = readonly [ky: number, kz: number];

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const tapsOf = ({ kernel: [kh, kw] }: Window2d): Tap[] =>
  range(kh).flatMap((ky) => range(kw).map((kz): Tap => [ky, kz]));

/**
 * WebGPU's MaxPool gives no Indices. The pixels at one place of all windows are a slice with the pool's strides; where
 * it equals the maximum, that pixel takes what is left of dy, so that among equals the first one takes all.
 */
export const maxPoolGrad: Rule<"MaxPoolGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x, y] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const maximum = t.read(y!, NHWC);
  const pixels = padded(b, t.read(x!, NHWC), win);
  let rest = t.read(dy!, NHWC);
  const shares = new Map<string, Value>();
  for (const tap of tapsOf(win)) {
    const hit = mask(b, b.op("Equal", [everyWindow(b, pixels, tap, win), maximum], {}));
    const share = b.mul(rest, hit);
    shares.set(`${tap}`, share);
    rest = b.sub(rest, share);
  }
  t.set(node.output, gather(b, shares, win), NHWC);
};

function padded(b: Builder, x: Value, { pads: [top, left, bottom, right] }: Window2d): Value {
  if (top + left + bottom + right === 0) return x;
  return b.op("Pad", [x, b.ints([0, top, left, 0, 0, bottom, right, 0]), LOWEST], {});
}

/** The pixel at `tap` of every window: [n,ho,wo,c]. */
function everyWindow(b: Builder, pixels: Value, [ky, kz]: Tap, { stride: [sh, sw], ho, wo }: Window2d): Value {
  const ends = [ky + sh * (ho - 1) + 1, kz + sw * (wo - 1) + 1];
  return b.op("Slice", [pixels, b.ints([ky, kz]), b.ints(ends), b.ints([1, 2]), b.ints([sh, sw])], {});
}

/**
 * The sum of all shares [n,ho,wo,c], each at its place in the picture. Pixel (y·sh + py, z·sw + pz) gets shares of the
 * taps (py + sh·a, pz + sw·b) only, from the windows (y - a, z - b): so the pixels of each phase (py,pz) are summed as
 * one small picture, and the phases are interleaved once at the end.
 */
function gather(b: Builder, shares: ReadonlyMap<string, Value>, win: Window2d): Value {
  const {
    n,
    h,
    w,
    c,
    stride: [sh, sw],
    pads: [top, left, bottom, right],
  } = win;
  const [rows, columns] = [Math.ceil((h + top + bottom) / sh), Math.ceil((w + left + right) / sw)];
  const phaseRows = range(sh).map((py) => {
    const phases = range(sw).map((pz) =>
      b.reshape(phase(b, shares, [py, pz], [rows, columns], win), [n, rows, columns, 1, c]),
    );
    return b.reshape(joined(b, phases, 3), [n, rows, 1, columns * sw, c]);
  });
  const picture = b.reshape(joined(b, phaseRows, 2), [n, rows * sh, columns * sw, c]);
  if (top === 0 && left === 0 && rows * sh === h && columns * sw === w) return picture;
  return b.op("Slice", [picture, b.ints([top, left]), b.ints([top + h, left + w]), b.ints([1, 2])], {});
}

const joined = (b: Builder, parts: readonly Value[], axis: number): Value =>
  parts.length === 1 ? parts[0]! : b.concat(parts, axis);

function phase(
  b: Builder,
  shares: ReadonlyMap<string, Value>,
  [py, pz]: Tap,
  [rows, columns]: readonly [number, number],
  { n, c, kernel: [kh, kw], stride: [sh, sw], ho, wo }: Window2d,
): Value {
  const shifted = range(Math.ceil((kh - py) / sh)).flatMap((a) =>
    range(Math.ceil((kw - pz) / sw)).map((z) =>
      b.pad(shares.get(`${[py + sh * a, pz + sw * z]}`)!, [0, a, z, 0, 0, rows - ho - a, columns - wo - z, 0]),
    ),
  );
  const [first, ...others] = shifted;
  return first ? others.reduce(b.add, first) : b.filled([n, rows, columns, c], 0); // strides beyond the kernel skip pixels
}
