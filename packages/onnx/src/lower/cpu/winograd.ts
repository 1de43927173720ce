import type { Builder } from "../../builder/builder.ts";
import type { Value } from "../../ir/value.ts";
import { OUTSIDE, pixels } from "../forms/pixels.ts";
import { HWIO, NHWC, type Window2d, window2d } from "../forms/window.ts";
import type { Rule, Translation } from "../translation.ts";
import type { ConvForm } from "./conv-form.ts";
import { transforms } from "./toom-cook.ts";

/*
 * 3x3 convolutions by Winograd's F(m x m, 3x3) (Lavin & Gray 2016): a = m + 2, and a² products a tile of m x m pixels
 * instead of 9m², as one batched matrix product [a², tiles, ci] x [a², ci, co]. The transforms are matrix products with
 * small constants: V = (Bᵀ⊗Bᵀ) · a x a input tiles, U = (G⊗G) · kernel, Y = (Aᵀ⊗Aᵀ) · (V · U).
 * Its gradients are the transposed transforms, and a convolution with the turned kernel.
 */

/** How pictures are cut into tiles; the last ones of a row or column may reach beyond the picture. */
interface Tiling {
  /** Pixels of a side of a tile of the output. */
  readonly m: 2 | 4;
  /** Of the input. */
  readonly a: number;
  readonly down: number;
  readonly across: number;
  /** Tiles of all pictures. */
  readonly count: number;
}

function tiling({ n, h, w }: Window2d): Tiling {
  const m = Math.max(h, w) >= LEAST_SIDE_FOR_LARGE_TILES ? 4 : 2;
  const [down, across] = [Math.ceil(h / m), Math.ceil(w / m)];
  return { m, a: m + 2, down, across, count: n * down * across };
}

/** On smaller maps there are too few large tiles for a matrix product of their own. */
const LEAST_SIDE_FOR_LARGE_TILES = 7;
/** Maps and channels on which it was measured to beat im2col. */
const SIDES = { least: 4, most: 64 };
const LEAST_CHANNELS = 64;
/** Pixels of all tiles for a pixel of the pictures. */
const MOST_WASTE = 1.35;

function suits(win: Window2d, co: number): boolean {
  const { n, h, w, c, kernel, stride, pads } = win;
  const threeByThree = kernel.every((k) => k === 3) && stride.every((s) => s === 1) && pads.every((pad) => pad === 1);
  const fits = [h, w].every((side) => side >= SIDES.least && side <= SIDES.most);
  const { m, count } = tiling(win);
  return threeByThree && fits && (count * m * m) / (n * h * w) <= MOST_WASTE && Math.min(c, co) >= LEAST_CHANNELS;
}

const transform = (b: Builder, m: Tiling["m"], name: keyof ReturnType<typeof transforms>): Value =>
  b.once(`winograd ${m} ${name}`, () => transforms(m)[name]);

const conv: Rule<"Conv"> = (node, t) => {
  const [x, w, bias] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const co = w!.shape[0] as number;
  const kernel = t.b.reshape(t.read(w!, HWIO), [9, win.c, co]);
  const y = convolve(t.b, inputTiles(x!, win, t), transformed(t.b, kernel, win, "kernel"), win);
  t.set(node.output, bias ? t.b.add(y, t.read(bias)) : y, NHWC);
};

/** dx: the padded 3x3 convolution of dy with the kernel turned by 180 degrees. */
const inputGrad: Rule<"ConvInputGrad"> = (node, t) => {
  const [dy, w, x] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const co = w!.shape[0] as number;
  const kernel = t.b.reshape(t.read(w!, HWIO), [9, win.c, co]);
  const u = t.b.transpose(transformed(t.b, kernel, win, "turnedKernel"), [0, 2, 1]);
  t.set(node.output, convolve(t.b, tiles(t.b, t.read(dy!, NHWC), { ...win, c: co }), u, win), NHWC);
};

/** dw = (Gᵀ⊗Gᵀ) · (Vᵀ · (A⊗A) · dy tiles) */
const kernelGrad: Rule<"ConvKernelGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x, w] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const co = w!.shape[0] as number;
  const { m, a, count } = tiling(win);
  const tilesOfDy = pixels(b, t.read(dy!, NHWC), `output tiles ${keyOf(win)}`, () => tileTable(win, m, 0));
  const dm = b.matmul(transform(b, m, "outputBack"), b.reshape(tilesOfDy, [m * m, count * co]));
  const v = b.transpose(inputTiles(x!, win, t), [0, 2, 1]);
  const du = b.matmul(v, b.reshape(dm, [a * a, count, co]));
  const dw = b.matmul(transform(b, m, "kernelBack"), b.reshape(du, [a * a, win.c * co]));
  t.set(node.output, b.reshape(dw, [3, 3, win.c, co]), HWIO);
};

const keyOf = ({ n, h, w }: Window2d): string => `${[n, h, w]}`;

/** The forward pass' tiles, which the kernel's gradient reads again. */
const inputTiles = (x: Value, win: Window2d, t: Translation): Value =>
  t.memo(x, "winograd tiles", () => tiles(t.b, t.read(x, NHWC), win));

/** Overlapping a x a tiles of the padded pictures [n,h,w,c], transformed: V [a², tiles, c]. */
function tiles(b: Builder, x: Value, win: Window2d): Value {
  const { m, a, count } = tiling(win);
  const cut = pixels(b, x, `input tiles ${keyOf(win)}`, () => tileTable(win, a, -1));
  const v = b.matmul(transform(b, m, "input"), b.reshape(cut, [a * a, count * win.c]));
  return b.reshape(v, [a * a, count, win.c]);
}

/** A kernel [9, ci, co], transformed: U [a², ci, co]. */
function transformed(b: Builder, kernel: Value, win: Window2d, by: "kernel" | "turnedKernel"): Value {
  const { m, a } = tiling(win);
  const [, ci, co] = kernel.shape as readonly [number, number, number];
  return b.reshape(b.matmul(transform(b, m, by), b.reshape(kernel, [9, ci * co])), [a * a, ci, co]);
}

/** V [a², tiles, channels] by U [a², channels, co] to pictures [n,h,w,co]. */
function convolve(b: Builder, v: Value, u: Value, win: Window2d): Value {
  const { n, h, w } = win;
  const { m, a, count } = tiling(win);
  const co = u.shape[2] as number;
  const products = b.matmul(v, u);
  const y = b.matmul(transform(b, m, "output"), b.reshape(products, [a * a, count * co]));
  const placed = pixels(b, b.reshape(y, [m * m * count, co]), `from tiles ${keyOf(win)}`, () => placeTable(win));
  return b.reshape(placed, [n, h, w, co]);
}

/** For each pixel of a `size` x `size` tile, for each tile: which pixel of the pictures lies there, `offset` from the tile's place. */
function tileTable(win: Window2d, size: number, offset: number): number[] {
  const { n, h, w } = win;
  const { m, down, across } = tiling(win);
  const indices: number[] = [];
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      for (let picture = 0; picture < n; picture++)
        for (let y = 0; y < down; y++)
          for (let z = 0; z < across; z++) {
            const [row, column] = [y * m + i + offset, z * m + j + offset];
            const inside = row >= 0 && row < h && column >= 0 && column < w;
            indices.push(inside ? (picture * h + row) * w + column : OUTSIDE);
          }
  return indices;
}

/** For each pixel of the pictures, where among the tiles of the output it lies. */
function placeTable(win: Window2d): number[] {
  const places: number[] = [];
  for (const [place, pixel] of tileTable(win, tiling(win).m, 0).entries()) if (pixel !== OUTSIDE) places[pixel] = place;
  return places;
}

export const winograd: ConvForm = { suits, Conv: conv, ConvInputGrad: inputGrad, ConvKernelGrad: kernelGrad };
