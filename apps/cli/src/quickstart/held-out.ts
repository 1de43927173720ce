import type { Dataset } from "@resonnx/core";
import type { Prediction } from "@resonnx/runtime";
import { rgbPixels } from "../model/batch.ts";
import type { NamedPixels } from "../model/pictures.ts";

/** A picture that the model never saw, and its true label. */
export interface HeldOut extends NamedPixels {
  readonly label: string;
}

export interface ClassifiedHeldOut {
  readonly file: string;
  readonly label: string;
  readonly predictions: readonly Prediction[];
}

/** Some pictures of the test split, the classes in turn. */
export async function heldOut({ splits: { test }, labels, width, height }: Dataset, count: number): Promise<HeldOut[]> {
  const chosen = inTurn(test.labels, labels.length, count);
  const rgb = await test.read(chosen);
  const size = width * height * 3;
  return chosen.map((index, i) => ({
    name: test.names[index]!,
    label: labels[test.labels[index]!]!,
    pixels: rgbPixels(rgb.subarray(i * size, (i + 1) * size), width, height),
  }));
}

/** Positions of up to `count` pictures: the first of each class, then the second of each, and so on. */
export function inTurn(truth: Int32Array, classes: number, count: number): number[] {
  const nth = new Array<number>(classes).fill(0);
  const ranked = Array.from(truth, (label, index) => ({ index, label, rank: nth[label]!++ }));
  ranked.sort((a, b) => a.rank - b.rank || a.label - b.label);
  return ranked.slice(0, count).map(({ index }) => index);
}
