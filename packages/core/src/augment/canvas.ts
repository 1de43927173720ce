import { LUMA } from "@resonnx/base";
import { type Affine, composed, STILL } from "./affine.ts";
import { type Colour, lit, PLAIN } from "./colour.ts";

/** A box of pixels, with fractions: a pixel belongs to it by its centre. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * One picture and what is to become of it. The augmentations gather their changes here; `render` then reads each pixel
 * once. Changes of place compose to one map, changes of colour to one matrix.
 */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** Part of a turn of the colour wheel, applied last. */
  hue = 0;
  /** What is painted over. */
  readonly boxes: Box[] = [];
  #rgb: Uint8Array;
  #affine: Affine = STILL;
  #colour: Colour = PLAIN;

  /** `rgb` is u8 [height, width, 3] and stays as it is. */
  constructor(rgb: Uint8Array, width: number, height: number) {
    this.#rgb = rgb;
    this.width = width;
    this.height = height;
  }

  get rgb(): Uint8Array {
    return this.#rgb;
  }

  get affine(): Affine {
    return this.#affine;
  }

  get colour(): Colour {
    return this.#colour;
  }

  /** Changes the place of what is shown now. */
  warp(change: Affine): void {
    this.#affine = composed(change, this.#affine);
  }

  /** Changes the place of the picture before all that was done to it. */
  warpFirst(change: Affine): void {
    this.#affine = composed(this.#affine, change);
  }

  /** Changes the colours that are shown now. */
  light(change: Colour): void {
    this.#colour = lit(this.#colour, change);
  }

  /** Replaces the picture, with its colours as they are shown now, by another of the same size. */
  redraw(change: (rgb: Uint8Array, width: number, height: number) => Uint8Array): void {
    this.#rgb = change(
      this.#colour === PLAIN ? this.#rgb : recoloured(this.#rgb, this.#colour),
      this.width,
      this.height,
    );
    this.#colour = PLAIN;
  }

  /** The mean gray in [0, 1] of the picture in the colours that are shown now. */
  meanGray(): number {
    const rgb = this.#rgb;
    let [red, green, blue] = [0, 0, 0];
    for (let i = 0; i < rgb.length; i += 3) {
      red += rgb[i]!;
      green += rgb[i + 1]!;
      blue += rgb[i + 2]!;
    }
    const pixels = (rgb.length / 3) * 255;
    const means = [red / pixels, green / pixels, blue / pixels, 1];
    return LUMA.reduce(
      (sum, share, row) => sum + share * means.reduce((all, mean, k) => all + mean * this.#colour[row * 4 + k]!, 0),
      0,
    );
  }
}

/** u8 RGB in other colours, clamped and rounded. */
function recoloured(rgb: Uint8Array, m: Colour): Uint8Array {
  const out = new Uint8ClampedArray(rgb.length); // rounds and clamps what it is given
  for (let i = 0; i < rgb.length; i += 3) {
    const [r, g, b] = [rgb[i]!, rgb[i + 1]!, rgb[i + 2]!];
    out[i] = m[0] * r + m[1] * g + m[2] * b + 255 * m[3];
    out[i + 1] = m[4] * r + m[5] * g + m[6] * b + 255 * m[7];
    out[i + 2] = m[8] * r + m[9] * g + m[10] * b + 255 * m[11];
  }
  return new Uint8Array(out.buffer);
}
