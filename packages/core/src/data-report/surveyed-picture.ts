import { LUMA, type Pixels } from "@resonnx/base";
import type { Member } from "../data/alike.ts";
import { rgbOf } from "../data/rgb.ts";
import { HASHED_SIDE, type PerceptualHash, perceptualHash } from "./perceptual-hash.ts";

/** What a picture is, apart from where it belongs. */
export interface PictureFacts {
  /** Pixels, turned as its EXIF says. */
  readonly width: number;
  readonly height: number;
  /** Such as `RGB`, `gray`, `RGB with alpha`, `CMYK`. */
  readonly mode: string;
  /** `jpeg`, `png`, `webp`; `array` for those of .h5 and .npz files. */
  readonly format: string;
  /** Equal for equal bytes only. */
  readonly digest: string;
  readonly look: Look;
}

/** A picture of a data set that was looked at. */
export type SurveyedPicture = Member & PictureFacts;

/** What tells whether it is the same as another one. */
export type LookedAt = Member & Pick<PictureFacts, "digest" | "look">;

/** How a picture looks, in 72 bytes. */
export interface Look {
  readonly hash: PerceptualHash;
  /** The 8 x 8 picture of gray levels less their mean. */
  readonly tones: Int8Array;
}

const SIDE = 8;
/** Levels by which two pictures' tones may differ on average to look the same. */
const NEAR_TONES = 6;

/** How a picture of any size looks. */
export function lookOf(pixels: Pixels): Look {
  const gray = grayOf(rgbOf(pixels, HASHED_SIDE, HASHED_SIDE));
  const means = new Float64Array(SIDE * SIDE);
  const [cell, mean] = [HASHED_SIDE / SIDE, gray.reduce((sum, level) => sum + level, 0) / gray.length];
  gray.forEach((level, i) => {
    const [y, x] = [Math.floor(i / HASHED_SIDE), i % HASHED_SIDE];
    means[Math.floor(y / cell) * SIDE + Math.floor(x / cell)]! += (level - mean) / cell ** 2;
  });
  const tones = Int8Array.from(means, (value) => Math.max(-128, Math.min(127, Math.round(value))));
  return { hash: perceptualHash(gray), tones };
}

const [RED, GREEN, BLUE] = LUMA;

function grayOf(rgb: Uint8Array): Uint8Array {
  const gray = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < gray.length; i++) {
    gray[i] = Math.round(RED * rgb[3 * i]! + GREEN * rgb[3 * i + 1]! + BLUE * rgb[3 * i + 2]!);
  }
  return gray;
}

/**
 * Whether the tones of two pictures are the same but for light and little changes. Hashes alone take different
 * photographs of a hand before a wall for one; those measured differ by 13 levels and more, copies by 0 to 5.
 */
export function sameTones(a: Look, b: Look): boolean {
  const sum = a.tones.reduce((total, tone, i) => total + Math.abs(tone - b.tones[i]!), 0);
  return sum <= NEAR_TONES * SIDE * SIDE;
}
