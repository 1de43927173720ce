import { moved, sheared, turned } from "../affine.ts";
import type { Canvas } from "../canvas.ts";
import { saturated, scaled } from "../colour.ts";
import { autoContrast } from "./auto-contrast.ts";
import { equalize } from "./equalize.ts";
import { posterize } from "./posterize.ts";
import { sharpen } from "./sharpen.ts";
import { solarize } from "./solarize.ts";

/** One operation at a strength: a share in [0, 1] of the largest, and where it has two directions, in which. */
type Operation = (canvas: Canvas, share: number, sign: 1 | -1) => void;

export type OperationName =
  | "identity"
  | "autoContrast"
  | "equalize"
  | "rotate"
  | "solarize"
  | "color"
  | "posterize"
  | "contrast"
  | "brightness"
  | "sharpness"
  | "shearX"
  | "shearY"
  | "translateX"
  | "translateY";

/** The most that torchvision's RandAugment does. */
const MOST = { degrees: 30, slope: 0.3, translation: 150 / 331, enhancement: 0.9, bits: 4 };

/**
 * The 14 operations of Cubuk et al. 2019, section 3, with the ranges of torchvision's RandAugment. Unlike there, edges go
 * on instead of turning black, and shears are about the middle.
 */
export const operations: { readonly [K in OperationName]: Operation } = {
  identity: () => undefined,
  autoContrast: (canvas) => canvas.redraw(autoContrast),
  equalize: (canvas) => canvas.redraw(equalize),
  rotate: (canvas, share, sign) => canvas.warp(turned(sign * share * MOST.degrees)),
  solarize: (canvas, share) => canvas.redraw((rgb) => solarize(rgb, 255 * (1 - share))),
  color: (canvas, share, sign) => canvas.light(saturated(enhanced(share, sign))),
  posterize: (canvas, share) => canvas.redraw((rgb) => posterize(rgb, 8 - Math.round(share * MOST.bits))),
  contrast(canvas, share, sign) {
    const factor = enhanced(share, sign);
    canvas.light(scaled(factor, (1 - factor) * canvas.meanGray()));
  },
  brightness: (canvas, share, sign) => canvas.light(scaled(enhanced(share, sign))),
  sharpness: (canvas, share, sign) =>
    canvas.redraw((rgb, width, height) => sharpen(rgb, width, height, enhanced(share, sign))),
  shearX: (canvas, share, sign) => canvas.warp(sheared(sign * share * MOST.slope, 0)),
  shearY: (canvas, share, sign) => canvas.warp(sheared(0, sign * share * MOST.slope)),
  translateX: (canvas, share, sign) => canvas.warp(moved(sign * share * MOST.translation * canvas.width, 0)),
  translateY: (canvas, share, sign) => canvas.warp(moved(0, sign * share * MOST.translation * canvas.height)),
};

const enhanced = (share: number, sign: number): number => 1 + sign * share * MOST.enhancement;
