import { createHash } from "node:crypto";
import { throwIfAborted } from "@resonnx/base";
import { assemble } from "../../data/assemble.ts";
import { assignSplits } from "../../data/assign-splits.ts";
import type { Dataset } from "../../data/dataset.ts";
import { type NamedArray, picturesOf } from "../../data/named-arrays.ts";
import { pixelsOf, rgbOf } from "../../data/rgb.ts";
import type { OpenSettings } from "./dataset-options.ts";

/** The dataset in the arrays of a file, or of a pair of files. Throws `bad-input` on arrays that don't fit each other. */
export function arrayDataset(
  name: string,
  arrays: ReadonlyMap<string, NamedArray>,
  { width, height, signal, onProgress }: OpenSettings,
): Dataset {
  const { pictures, labels } = picturesOf(arrays, name);
  const assigned = assignSplits(pictures);
  const loaded = assigned.pictures.map((picture, i) => {
    throwIfAborted(signal, name);
    const fits = picture.width === width && picture.height === height;
    const rgb = fits ? picture.rgb : rgbOf(pixelsOf(picture.rgb, picture.width, picture.height), width, height);
    onProgress(i + 1, pictures.length);
    return {
      name: picture.name,
      label: picture.label,
      split: picture.split,
      digest: createHash("sha256").update(picture.rgb).digest("base64"),
      pixels: () => rgb,
    };
  });
  return assemble({ name, width, height, pictures: loaded, labels, notes: assigned.notes });
}
