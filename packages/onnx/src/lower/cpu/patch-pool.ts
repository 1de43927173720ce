import { staticShape } from "../../autodiff/vjps.ts";
import type { Value } from "../../ir/value.ts";
import type { Attrs } from "../../ops/index.ts";
import { NHWC } from "../forms/window.ts";
import type { Rule, Translation } from "../translation.ts";
import { STEEP } from "./relu.ts";

/*
 * Max pooling whose windows neither overlap nor miss a pixel (2x2 with strides of 2): a picture falls into as many smaller
 * ones as a window has taps, and the maximum is taken between those. onnxruntime's MaxPool takes seventeen times as long
 * when it has to tell where its maxima lie.
 */

/** NCHW's axis of height. */
const HEIGHT = 2;
/** The window's axes in [n, ho, kh, wo, kw, c]. */
const [ROW, COLUMN] = [2, 4];

export function fallsIntoPatches(x: Value, attrs: Attrs<"MaxPool">): boolean {
  const [h, w] = x.shape.slice(HEIGHT) as [number, number];
  const { kernel_shape: kernel, strides = [1, 1], pads = [] } = attrs;
  const apart = kernel.every((k, axis) => k === strides[axis]) && pads.every((pad) => pad === 0);
  return apart && h % kernel[0]! === 0 && w % kernel[1]! === 0;
}

interface Patches {
  /** Row by row of the window; each [n, ho, 1, wo, 1, c]. */
  readonly taps: readonly Value[];
  readonly most: Value;
}

/** Channels last: what is copied is as long as it can be. */
const patches = (x: Value, { kernel_shape: [kh, kw] }: Attrs<"MaxPool">, t: Translation): Patches =>
  t.memo(x, `patches ${[kh, kw]}`, () => {
    const { b } = t;
    const stored = t.read(x, NHWC);
    const [n, h, w, c] = staticShape(stored.shape) as [number, number, number, number];
    const cells = b.reshape(stored, [n, h / kh!, kh!, w / kw!, kw!, c]);
    const taps = Array.from({ length: kh! * kw! }, (_, tap) => {
      const at = [Math.floor(tap / kw!), tap % kw!];
      return b.op("Slice", [cells, b.ints(at), b.ints(at.map((place) => place + 1)), b.ints([ROW, COLUMN])], {});
    });
    return { taps, most: b.op("Max", taps, {}) };
  });

const nhwc = ({ shape }: Value): number[] => NHWC.map((axis) => staticShape(shape)[axis]!);

export const patchPool: Rule<"MaxPool"> = (node, t) => {
  const { most } = patches(node.inputs[0]!, node.attrs, t);
  t.set(node.output, t.b.reshape(most, nhwc(node.output)), NHWC);
};

/** dy goes to the first tap that has the maximum: from tap to tap what is left of it, times whether the tap has it. */
export const patchPoolGrad: Rule<"MaxPoolGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x] = node.inputs;
  const { taps, most } = patches(x!, node.attrs, t);
  const [kh, kw] = node.attrs.kernel_shape as [number, number];
  let left = b.reshape(t.read(dy!, NHWC), staticShape(most.shape));
  const parts = taps.map((tap, i) => {
    if (i === taps.length - 1) return left;
    const has = b.op("HardSigmoid", [b.sub(tap, most)], { alpha: STEEP, beta: 1 });
    const part = b.mul(has, left);
    left = b.sub(left, part);
    return part;
  });
  const rows = Array.from({ length: kh }, (_, row) =>
    b.op("Concat", parts.slice(row * kw, (row + 1) * kw), { axis: COLUMN }),
  );
  t.set(node.output, b.reshape(b.op("Concat", rows, { axis: ROW }), nhwc(x!)), NHWC);
};
