import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Pixels, ResonnxError, readMetadata, throwIfAborted } from "@resonnx/base";
import type { DescribedValue } from "@resonnx/onnx";
import type { Case } from "@resonnx/parity";
import { batchTensor, fixedBatch } from "./batch.ts";
import { isFolder } from "./model-file.ts";

const PICTURE = /\.(jpe?g|png|webp)$/i;
/** Pictures in one run. */
const BATCH = 8;

export interface NamedPixels {
  readonly name: string;
  readonly pixels: Pixels;
}

/** A picture, or all those of a folder by name. Throws `not-found`, or `bad-input` for no or broken pictures. */
export async function readPictures(path: string, signal: AbortSignal): Promise<NamedPixels[]> {
  const { toPixels } = await import("@resonnx/runtime-node");
  const files = (await isFolder(path)) ? await picturesIn(path) : [path];
  const pictures: NamedPixels[] = [];
  for (const file of files) {
    throwIfAborted(signal, path);
    pictures.push({ name: basename(file), pixels: await toPixels(file, signal) });
  }
  return pictures;
}

async function picturesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => PICTURE.test(name)).sort();
  if (names.length > 0) return names.map((name) => join(folder, name));
  throw new ResonnxError("bad-input", { where: folder, what: "no pictures in it", wanted: "jpg, png or webp files" });
}

/** Pictures as inputs of a file that says how they are prepared, in batches. */
export function pictureCases(bytes: Uint8Array, input: DescribedValue, pictures: readonly NamedPixels[]): Case[] {
  const { preprocessing } = readMetadata(bytes);
  if (!preprocessing) throw new ResonnxError("internal", { where: input.name, what: "the file has no preprocessing" });
  const fixed = fixedBatch(input.shape);
  const batch = fixed ?? BATCH;
  return Array.from({ length: Math.ceil(pictures.length / batch) }, (_, i) => {
    const some = pictures.slice(i * batch, (i + 1) * batch);
    const tensor = batchTensor(
      some.map(({ pixels }) => pixels),
      preprocessing,
      fixed,
    );
    return { name: some.map(({ name }) => name).join(", "), inputs: { [input.name]: tensor } };
  });
}
