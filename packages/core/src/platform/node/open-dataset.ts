import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ResonnxError } from "@resonnx/base";
import type { Dataset } from "../../data/dataset.ts";
import { ALL_KEYS, mergeArrays, type NamedArray } from "../../data/named-arrays.ts";
import { arrayDataset } from "./array-dataset.ts";
import type { DatasetOptions, OpenSettings } from "./dataset-options.ts";
import { openPictureFolder } from "./picture-folder.ts";
import { readH5Arrays } from "./read-h5-arrays.ts";
import { readNpzArrays } from "./read-npz-arrays.ts";
import { shippedData } from "./shipped-data.ts";

/** The longest side that pictures can be resized to. */
const MAX_SIDE = 4096;
/** Decoded pictures that are kept, 87,000 of 64 x 64. */
const MEMORY = 1 << 30;

/**
 * The labelled pictures at a path, or those that ship as `hand-signs`: `D/{class}/*.jpg|png|webp`,
 * `D/{train,val,test}/{class}/*`, `D/{label}_*.jpg`, `D/{train,val,test}*\/{label}_*.jpg`, the tutorial's pair of
 * `train_*.h5` and `test_*.h5` in a folder, one such file, or an `.npz` of the same arrays.
 *
 * Throws `not-found` without anything at the path, `bad-input` on what isn't a data set, `aborted` by the signal.
 */
export async function openDataset(path: string, options: DatasetOptions = {}): Promise<Dataset> {
  const { width = 64, height = 64, signal, onProgress = () => {} } = options;
  checkSide(width, "width");
  checkSide(height, "height");
  const settings: OpenSettings = { width, height, signal, onProgress, memory: MEMORY };
  const target = shippedData.get(path) ?? path;
  const files = await arrayFiles(target);
  if (files.length === 0) return openPictureFolder(target, settings);
  const arrays = mergeArrays(await Promise.all(files.map(readArrays)), target);
  return arrayDataset(basename(resolve(target)), arrays, settings);
}

type ArrayReader = (path: string, names: readonly string[]) => Promise<ReadonlyMap<string, NamedArray>>;

/** Readers of files that hold arrays, by the end of the name. */
const arrayReaders: ReadonlyMap<string, ArrayReader> = new Map([
  ["h5", readH5Arrays],
  ["hdf5", readH5Arrays],
  ["npz", readNpzArrays],
]);

function readArrays(file: string): Promise<ReadonlyMap<string, NamedArray>> {
  return arrayReaders.get(extension(file))!(file, ALL_KEYS);
}

/** The path itself when it is a file of arrays, the `train_*`, `val_*` and `test_*` ones of a folder, or none. */
async function arrayFiles(path: string): Promise<string[]> {
  const stats = await stat(path).catch((cause: unknown) => {
    const known = [...shippedData.keys()].join(", ");
    throw new ResonnxError("not-found", {
      where: path,
      what: "no such file or folder",
      wanted: `a path or ${known}`,
      cause,
    });
  });
  if (stats.isDirectory()) {
    const names = (await readdir(path)).filter((name) => /^(train|val|test)/i.test(name));
    return names
      .filter((name) => arrayReaders.has(extension(name)))
      .sort()
      .map((name) => join(path, name));
  }
  if (arrayReaders.has(extension(path))) return [path];
  throw bad(path, "not a data set", "a file", `a folder, or .${[...arrayReaders.keys()].join(", .")}`);
}

const extension = (name: string) => /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? "";

function checkSide(side: number, where: string): void {
  if (Number.isInteger(side) && side > 0 && side <= MAX_SIDE) return;
  throw bad(where, "not a picture's size", String(side), `a whole number from 1 to ${MAX_SIDE}`);
}

function bad(where: string, what: string, got: string, wanted: string): ResonnxError {
  return new ResonnxError("bad-input", { where, what, got, wanted });
}
