import { throwIfAborted } from "@resonnx/base";
import { assemble } from "../../../data/assemble.ts";
import { assignSplits } from "../../../data/assign-splits.ts";
import type { Dataset } from "../../../data/dataset.ts";
import { type NamedArray, picturesOf } from "../../../data/named-arrays.ts";
import { pixelsOf, rgbOf } from "../../../data/rgb.ts";
import { lookAlikes } from "../../../data-report/look-alikes.ts";
import { lookOf } from "../../../data-report/surveyed-picture.ts";
import type { OpenSettings } from "./dataset-options.ts";
import { digestOf } from "./digest.ts";
import { looksOf } from "./looks-of.ts";

/** The dataset in the arrays of a file, or of a pair of files. Throws `bad-input` on arrays that don't fit each other. */
export function arrayDataset(
  name: string,
  arrays: ReadonlyMap<string, NamedArray>,
  { width, height, groupOf, lookAlikes: wanted, signal, onProgress }: OpenSettings,
): Dataset {
  const { pictures, labels } = picturesOf(arrays, name);
  const assigned = assignSplits(pictures, groupOf);
  const rgb = pictures.map((picture, i) => {
    throwIfAborted(signal, name);
    onProgress(i + 1, pictures.length);
    const fits = picture.width === width && picture.height === height;
    return fits ? picture.rgb : rgbOf(pixelsOf(picture.rgb, picture.width, picture.height), width, height);
  });
  const bytes = width * height * 3;
  const digests = pictures.map((picture) => digestOf(picture.rgb));
  const { looks, notes: unsearched } = looksOf(wanted, pictures.length);
  const dataset = assemble({
    name,
    width,
    height,
    pictures: assigned.pictures,
    labels,
    digests,
    notes: [...assigned.notes, ...unsearched],
    async read(positions) {
      const batch = new Uint8Array(positions.length * bytes);
      for (const [slot, position] of positions.entries()) batch.set(rgb[position]!, slot * bytes);
      return batch;
    },
  });
  if (!looks) return dataset;
  const lookedAt = assigned.pictures.map(({ name, label, split }, i) => {
    throwIfAborted(signal, name);
    return { name, label, split, digest: digests[i]!, look: lookOf(pixelsOf(rgb[i]!, width, height)) };
  });
  return { ...dataset, alike: lookAlikes(lookedAt) };
}
