import { ResonnxError } from "@resonnx/base";
import { isStatic } from "../../ir/types.ts";
import type { Value } from "../../ir/value.ts";
import type { Attrs } from "../../ops/index.ts";

/** NCHW axes in the order in which the CPU holds pictures: NHWC, so that a picture is a matrix [pixels, channels]. */
export const NHWC = [0, 2, 3, 1] as const;
/** OIHW kernel axes in Keras' order: HWIO, so that a kernel is a matrix [kh*kw*ci, co]. */
export const HWIO = [2, 3, 1, 0] as const;

/** A 2-D sliding window over pictures of known size. Sizes in pixels, pads as top, left, bottom, right. */
export interface Window2d {
  readonly n: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly ho: number;
  readonly wo: number;
}

const pair = (list: readonly number[] | undefined, or: number): [number, number] => [list?.[0] ?? or, list?.[1] ?? or];

/**
 * The window of a Conv or pool over `x` [n,c,h,w], neither grouped nor dilated (`withAnyRank` leaves no other here). Throws
 * `unsupported` for pictures of unknown size.
 */
export function window2d(x: Value, attrs: Attrs<"Conv"> | Attrs<"MaxPool">, where: string): Window2d {
  if (x.rank !== 4 || !isStatic(x.shape))
    throw new ResonnxError("unsupported", {
      where,
      what: "training needs pictures of known size",
      got: `[${x.shape}]`,
    });
  const [n, c, h, w] = x.shape as readonly [number, number, number, number];
  const kernel = pair(attrs.kernel_shape, 1);
  const stride = pair(attrs.strides, 1);
  const [top = 0, left = 0, bottom = 0, right = 0] = attrs.pads ?? [];
  return {
    n,
    h,
    w,
    c,
    kernel,
    stride,
    pads: [top, left, bottom, right],
    ho: Math.floor((h + top + bottom - kernel[0]) / stride[0]) + 1,
    wo: Math.floor((w + left + right - kernel[1]) / stride[1]) + 1,
  };
}
