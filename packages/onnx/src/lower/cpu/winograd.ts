import type { Builder } from "../../builder/builder.ts";
import { floats, type TensorOf, tensor } from "../../ir/tensor.ts";
import type { Value } from "../../ir/value.ts";
import { reversedTaps } from "../forms/conv.ts";
import { HWIO, NHWC, type Window2d, window2d } from "../forms/window.ts";
import type { Rule, Translation } from "../translation.ts";

/*
 * 3x3 convolutions by Winograd's F(2x2, 3x3) (Lavin & Gray 2016): 16 products a 2x2 tile instead of 36, as one batched
 * matrix product [16, tiles, ci] x [16, ci, co]. The transforms are matrix products with small constants:
 * V = (Bᵀ⊗Bᵀ) · 4x4 input tiles, U = (G⊗G) · kernel, Y = (Aᵀ⊗Aᵀ) · (V · U).
 * Its gradients are the transposed transforms, and a convolution with the turned kernel.
 */

type Matrix = readonly (readonly number[])[];
const BT: Matrix = [
  [1, 0, -1, 0],
  [0, 1, 1, 0],
  [0, -1, 1, 0],
  [0, 1, 0, -1],
];
const G: Matrix = [
  [1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
];
const AT: Matrix = [
  [1, 1, 1, 0],
  [0, 1, -1, -1],
];

const transposed = (m: Matrix): Matrix => m[0]!.map((_, column) => m.map((row) => row[column]!));
const kronecker = (a: Matrix): TensorOf<"float32"> => {
  const rows = a.flatMap((left) => a.map((right) => left.flatMap((x) => right.map((y) => x * y))));
  return floats([rows.length, rows[0]!.length], rows.flat());
};

/** The transforms of one dimension, applied to both. */
const transforms = { input: BT, kernel: G, output: AT, kernelBack: transposed(G), outputBack: transposed(AT) } as const;
const transform = (b: Builder, name: keyof typeof transforms): Value =>
  b.once(`winograd ${name}`, () => kronecker(transforms[name]));

/** Maps on which it was measured to beat im2col: small ones, where there are many channels. */
const MAP = { least: 4, most: 8 };
const LEAST_CHANNELS = 64;

/** Whether a convolution is of the form that this file computes, and gains by it. */
export function suitsWinograd({ h, w, c, kernel, stride, pads }: Window2d, co: number): boolean {
  const threeByThree = kernel.every((k) => k === 3) && stride.every((s) => s === 1) && pads.every((pad) => pad === 1);
  const evenAndSmall = [h, w].every((side) => side % 2 === 0 && side >= MAP.least && side <= MAP.most);
  return threeByThree && evenAndSmall && Math.min(c, co) >= LEAST_CHANNELS;
}

export const winogradConv: Rule<"Conv"> = (node, t) => {
  const [x, w, bias] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const co = w!.shape[0] as number;
  const kernel = t.b.reshape(t.read(w!, HWIO), [9, win.c, co]);
  const y = convolve(t.b, inputTiles(x!, win, t), kernel, win);
  t.set(node.output, bias ? t.b.add(y, t.read(bias)) : y, NHWC);
};

/** dx: the padded 3x3 convolution of dy with the kernel turned by 180 degrees. */
export const winogradInputGrad: Rule<"ConvInputGrad"> = (node, t) => {
  const [dy, w, x] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const co = w!.shape[0] as number;
  const kernel = t.b.reshape(t.read(w!, HWIO), [9, win.c, co]);
  const turned = t.b.transpose(t.b.gather(kernel, reversedTaps(t.b, 9), 0), [0, 2, 1]);
  const back: Window2d = { ...win, c: co };
  t.set(node.output, convolve(t.b, tiles(t.b, t.read(dy!, NHWC), back), turned, back), NHWC);
};

/** dw = (Gᵀ⊗Gᵀ) · (Vᵀ · (A⊗A) · dy tiles) */
export const winogradKernelGrad: Rule<"ConvKernelGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x, w] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const { n, h, w: width, c } = win;
  const co = w!.shape[0] as number;
  const count = tileCount(win);
  const table = b.once(`winograd output pixels ${[n, h, width]}`, () => outputPixels(win));
  const pixels = b.gather(b.reshape(t.read(dy!, NHWC), [n * h * width, co]), table, 0);
  const dm = b.matmul(transform(b, "outputBack"), b.reshape(pixels, [4, count * co]));
  const v = b.transpose(inputTiles(x!, win, t), [0, 2, 1]);
  const du = b.matmul(v, b.reshape(dm, [16, count, co]));
  const dw = b.matmul(transform(b, "kernelBack"), b.reshape(du, [16, c * co]));
  t.set(node.output, b.reshape(dw, [3, 3, c, co]), HWIO);
};

/** The forward pass' tiles, which the kernel's gradient reads again. */
const inputTiles = (x: Value, win: Window2d, t: Translation): Value =>
  t.memo(x, "winograd tiles", () => tiles(t.b, t.read(x, NHWC), win));

const tileCount = ({ n, h, w }: Window2d): number => (n * h * w) / 4;

/** Overlapping 4x4 tiles of the padded pictures [n,h,w,c], transformed: V [16, tiles, c]. */
function tiles(b: Builder, x: Value, win: Window2d): Value {
  const { n, h, w, c } = win;
  const [hp, wp] = [h + 2, w + 2];
  const padded = b.reshape(b.pad(x, [0, 1, 1, 0, 0, 1, 1, 0]), [n * hp * wp, c]);
  const table = b.once(`winograd input pixels ${[n, h, w]}`, () =>
    tileTable(win, 4, (picture, y, z) => (picture * hp + y) * wp + z),
  );
  const gathered = b.reshape(b.gather(padded, table, 0), [16, tileCount(win) * c]);
  return b.reshape(b.matmul(transform(b, "input"), gathered), [16, tileCount(win), c]);
}

/** V [16, tiles, ci] by a kernel [9, ci, co] to pictures [n,h,w,co]. */
function convolve(b: Builder, v: Value, kernel: Value, win: Window2d): Value {
  const { n, h, w } = win;
  const [, ci, co] = kernel.shape as readonly [number, number, number];
  const count = tileCount(win);
  const u = b.reshape(b.matmul(transform(b, "kernel"), b.reshape(kernel, [9, ci * co])), [16, ci, co]);
  const m = b.reshape(b.matmul(v, u), [16, count * co]);
  const y = b.reshape(b.matmul(transform(b, "output"), m), [4 * count, co]);
  const table = b.once(`winograd places ${[n, h, w]}`, () => inverted(outputPixels(win)));
  return b.reshape(b.gather(y, table, 0), [n, h, w, co]);
}

/** For each pixel of a `size`x`size` tile, for each tile: where it lies. Tiles are two pixels apart. */
function tileTable(
  { n, h, w }: Window2d,
  size: number,
  place: (picture: number, y: number, z: number) => number,
): TensorOf<"int32"> {
  const indices: number[] = [];
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      for (let picture = 0; picture < n; picture++)
        for (let y = 0; y < h; y += 2) for (let z = 0; z < w; z += 2) indices.push(place(picture, y + i, z + j));
  return tensor("int32", [indices.length], Int32Array.from(indices));
}

const outputPixels = (win: Window2d): TensorOf<"int32"> =>
  tileTable(win, 2, (picture, y, z) => (picture * win.h + y) * win.w + z);

function inverted(table: TensorOf<"int32">): TensorOf<"int32"> {
  const inverse = new Int32Array(table.data.length);
  for (const [i, place] of table.data.entries()) inverse[place] = i;
  return tensor("int32", table.dims, inverse);
}
