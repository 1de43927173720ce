import { floats, stridesOf, type TensorOf } from "../ir/tensor.ts";
import { sizeOf } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { Attrs } from "../ops/index.ts";
import { localPass, type Rewrite, skip } from "./local.ts";

/**
 * Whether onnxruntime's WebGPU provider takes a convolution for one matrix product by mistake: it looks for a kernel as
 * large as the picture without padding, and reads the pads at the begins only (1.30, found by parity's bisection).
 */
function looksUnpadded(x: Value, { kernel_shape, pads = [], dilations }: Attrs<"Conv">): boolean {
  const rank = kernel_shape.length;
  const covers = kernel_shape.every((size, axis) => x.shape[axis + 2] === size);
  const plain = dilations?.every((dilation) => dilation === 1) ?? true;
  return covers && plain && pads.slice(0, rank).every((pad) => pad === 0) && pads.slice(rank).some((pad) => pad > 0);
}

/**
 * Conv(x, w, pads at the ends only) -> Conv(x, w with zeros in front, pads at both): the same sums, which WebGPU gets
 * right. (A Pad of its own would not help: onnxruntime folds it into the Conv.)
 */
export const widenKernel: Rewrite<"Conv"> = (node, { b }) => {
  const [x, w, ...bias] = node.inputs;
  if (!looksUnpadded(x!, node.attrs)) return skip("WebGPU sees its pads");
  if (w!.constant?.dtype !== "float32") return skip("its kernel is no float32 constant");
  const { kernel_shape, pads } = node.attrs;
  const wide = {
    kernel_shape: kernel_shape.map((size) => size + 1),
    pads: pads!.map((pad, i) => (i < kernel_shape.length ? 1 : pad)),
  };
  return b.op(
    "Conv",
    [x, b.constant(zerosInFront(w!.constant), w!.name), ...bias],
    { ...node.attrs, ...wide },
    node.name,
  );
};

export const widenCoveringKernel = localPass("widenCoveringKernel", { Conv: widenKernel });

/** A kernel [out, in, ...spatial] with one more element, zero, at the begin of each spatial axis. */
function zerosInFront({ dims, data }: TensorOf<"float32">): TensorOf<"float32"> {
  const wide = dims.map((dim, axis) => (axis < 2 ? dim : dim + 1));
  const [from, to] = [stridesOf(dims), stridesOf(wide)];
  const result = new Float32Array(sizeOf(wide));
  for (const [i, value] of data.entries()) {
    const place = to.reduce(
      (at, stride, axis) => at + stride * ((Math.floor(i / from[axis]!) % dims[axis]!) + (axis < 2 ? 0 : 1)),
      0,
    );
    result[place] = value;
  }
  return floats(wide, result);
}
