import type { Value } from "../ir/value.ts";
import type { Attrs } from "../ops/index.ts";
import { localPass, type Rewrite, skip } from "./local.ts";

/**
 * Whether onnxruntime's WebGPU provider takes a convolution for one matrix product by mistake: it looks for a kernel as
 * large as the picture without padding, and reads the pads at the begins only (1.30, found by parity's bisection).
 */
export function looksUnpadded(
  x: Value,
  { kernel_shape, pads = [] }: Pick<Attrs<"Conv">, "kernel_shape" | "pads">,
): boolean {
  const rank = kernel_shape.length;
  const covers = kernel_shape.every((size, axis) => x.shape[axis + 2] === size);
  return covers && pads.slice(0, rank).every((pad) => pad === 0) && pads.slice(rank).some((pad) => pad > 0);
}

/** Conv(x, pads at the ends only) -> Conv(Pad(x)), where WebGPU would overlook the pads. */
export const endPadsOfConv: Rewrite<"Conv"> = (node, { b }) => {
  const [x, ...rest] = node.inputs;
  if (!looksUnpadded(x!, node.attrs)) return skip("WebGPU sees its pads");
  const rank = node.attrs.kernel_shape.length;
  const ends = node.attrs.pads!.slice(rank);
  const padded = b.pad(x!, [0, 0, ...ends.map(() => 0), 0, 0, ...ends]);
  return b.op("Conv", [padded, ...rest], { ...node.attrs, pads: node.attrs.pads!.map(() => 0) }, node.name);
};

export const separateEndPads = localPass("separateEndPads", { Conv: endPadsOfConv });
