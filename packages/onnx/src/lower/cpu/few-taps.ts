import type { Builder } from "../../builder/builder.ts";
import type { Node } from "../../ir/node.ts";
import type { Value } from "../../ir/value.ts";
import { OUTSIDE, pixels } from "../forms/pixels.ts";
import { HWIO, NHWC, type Window2d, window2d } from "../forms/window.ts";
import type { Rule, Translation } from "../translation.ts";
import type { ConvForm } from "./conv-form.ts";

/*
 * Convolutions on maps so small that most taps read padding: of 3x3 taps on a 2x2 map, four in nine read a pixel. One
 * matrix product a tap over the pixels that it does read, and their sum; im2col would multiply the zeros as well.
 */

/** A tap of the kernel, and the pixels that it leads from and to: numbers among all pictures' pixels. */
interface Tap {
  readonly place: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** The taps that read any pixel. */
function tapsOf({ n, h, w, kernel: [kh, kw], stride: [sh, sw], pads: [top, left], ho, wo }: Window2d): Tap[] {
  const taps = Array.from({ length: kh * kw }, (_, place) => {
    const [from, to]: [number[], number[]] = [[], []];
    for (let picture = 0; picture < n; picture++)
      for (let y = 0; y < ho; y++)
        for (let z = 0; z < wo; z++) {
          const [row, column] = [y * sh + Math.floor(place / kw) - top, z * sw + (place % kw) - left];
          if (row < 0 || row >= h || column < 0 || column >= w) continue;
          from.push((picture * h + row) * w + column);
          to.push((picture * ho + y) * wo + z);
        }
    return { place, from, to };
  });
  return taps.filter(({ from }) => from.length > 0);
}

/** Measured: with more, or with narrower matrices, im2col's one product is faster. */
const MOST_READ = 0.5;
const LEAST_CHANNELS = 64;

function suits(win: Window2d, co: number): boolean {
  const { kernel, ho, wo, c } = win;
  if (Math.min(c, co) < LEAST_CHANNELS || Math.max(ho, wo) > Math.max(...kernel)) return false;
  const one = tapsOf({ ...win, n: 1 });
  return one.reduce((sum, { to }) => sum + to.length, 0) <= MOST_READ * ho * wo * kernel[0] * kernel[1];
}

interface Parts {
  readonly win: Window2d;
  readonly co: number;
  readonly taps: readonly Tap[];
  /** Of every place of the kernel its matrix [ci, co]. */
  readonly kernels: readonly Value[];
  readonly key: string;
}

function partsOf(node: Node<"Conv" | "ConvInputGrad" | "ConvKernelGrad">, x: Value, w: Value, t: Translation): Parts {
  const win = window2d(x, node.attrs, node.name ?? node.op);
  const { n, h, w: width, c, kernel, stride, pads } = win;
  const co = w.shape[0] as number;
  const places = kernel[0] * kernel[1];
  const { kernels } = t.memo(w, "matrices of its taps", () => {
    const matrix = t.b.reshape(t.read(w, HWIO), [places * c, co]);
    const sizes = t.b.ints(new Array<number>(places).fill(c));
    return { kernels: t.b.ops("Split", [matrix, sizes], { axis: 0 }, places) };
  });
  return { win, co, taps: tapsOf(win), kernels, key: `${[n, h, width, kernel, stride, pads]}` };
}

/** Of each tap the pixels that it leads from, or to: matrices [pixels, channels]. */
const pixelsOf = (value: Value, side: "from" | "to", { taps, key }: Parts, t: Translation): readonly Value[] =>
  t.memo(value, `pixels ${side} taps ${key}`, () => {
    const { b } = t;
    const all = pixels(b, t.read(value, NHWC), `${side} taps ${key}`, () => taps.flatMap((tap) => tap[side]));
    if (taps.length === 1) return [all];
    return b.ops("Split", [all, b.ints(taps.map((tap) => tap[side].length))], { axis: 0 }, taps.length);
  });

/** At each of `count` pixels the sum of what the taps lead there: [count, channels]. */
function sumAt(b: Builder, side: "from" | "to", led: readonly Value[], { taps, key }: Parts, count: number): Value {
  const places = Array.from({ length: count }, (): number[] => []);
  for (const [row, pixel] of taps.flatMap((tap) => tap[side]).entries()) places[pixel]!.push(row);
  const most = Math.max(...places.map((rows) => rows.length));
  const table = () => places.flatMap((rows) => Array.from({ length: most }, (_, i) => rows[i] ?? OUTSIDE));
  const rows = pixels(b, b.concat(led, 0), `sum ${side} taps ${key}`, table);
  return b.sum(b.reshape(rows, [count, most, rows.shape[1] as number]), [1], 0);
}

const conv: Rule<"Conv"> = (node, t) => {
  const { b } = t;
  const [x, w, bias] = node.inputs;
  const parts = partsOf(node, x!, w!, t);
  const { n, ho, wo } = parts.win;
  const inputs = pixelsOf(x!, "from", parts, t);
  const led = parts.taps.map(({ place }, i) => b.gemm(inputs[i]!, parts.kernels[place]!));
  const y = sumAt(b, "to", led, parts, n * ho * wo);
  t.set(node.output, b.reshape(bias ? b.add(y, t.read(bias)) : y, [n, ho, wo, parts.co]), NHWC);
};

/** dx: each tap's dy times its matrix transposed, at the pixels that it leads from. */
const inputGrad: Rule<"ConvInputGrad"> = (node, t) => {
  const { b } = t;
  const [dy, w, x] = node.inputs;
  const parts = partsOf(node, x!, w!, t);
  const { n, h, w: width, c } = parts.win;
  const gradients = pixelsOf(dy!, "to", parts, t);
  const led = parts.taps.map(({ place }, i) => b.gemm(gradients[i]!, parts.kernels[place]!, { transB: 1 }));
  t.set(node.output, b.reshape(sumAt(b, "from", led, parts, n * h * width), [n, h, width, c]), NHWC);
};

/** dw: for each tap the product of what it reads and what it leads to; zeros for one that reads nothing. */
const kernelGrad: Rule<"ConvKernelGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x, w] = node.inputs;
  const parts = partsOf(node, x!, w!, t);
  const { win, co, taps, kernels } = parts;
  const [inputs, gradients] = [pixelsOf(x!, "from", parts, t), pixelsOf(dy!, "to", parts, t)];
  const products = new Map(taps.map(({ place }, i) => [place, b.gemm(inputs[i]!, gradients[i]!, { transA: 1 })]));
  const dw = kernels.map((_, place) => products.get(place) ?? b.filled([win.c, co], 0));
  t.set(node.output, b.reshape(b.concat(dw, 0), [...win.kernel, win.c, co]), HWIO);
};

export const fewTaps: ConvForm = { suits, Conv: conv, ConvInputGrad: inputGrad, ConvKernelGrad: kernelGrad };
