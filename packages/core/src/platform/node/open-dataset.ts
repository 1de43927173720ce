import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ResonnxError } from "@resonnx/base";
import type { Dataset } from "../../data/dataset.ts";
import { ALL_KEYS, mergeArrays, type NamedArray } from "../../data/named-arrays.ts";
import { arrayDataset } from "./array-dataset.ts";
import { type DatasetOptions, type OpenSettings, settingsOf } from "./dataset-options.ts";
import { openPictureFolder } from "./picture-folder.ts";
import { readH5Arrays } from "./read-h5-arrays.ts";
import { readNpzArrays } from "./read-npz-arrays.ts";
import { shippedData } from "./shipped-data.ts";

/**
 * The labelled pictures at a path, or those that ship as `hand-signs`: `D/{class}/*.jpg|png|webp`,
 * `D/{train,val,test}/{class}/*`, `D/{label}_*.jpg`, `D/{train,val,test}*\/{label}_*.jpg`, the tutorial's pair of
 * `train_*.h5` and `test_*.h5` in a folder, one such file, or an `.npz` of the same arrays.
 *
 * Throws `not-found` without anything at the path, `bad-input` on what isn't a data set, `aborted` by the signal.
 */
export async function openDataset(path: string, options: DatasetOptions = {}): Promise<Dataset> {
  const settings = settingsOf(options);
  const shipped = shippedData.get(path);
  const dataset = await openPath(shipped?.path ?? path, settings);
  return shipped ? { ...dataset, notes: [...shipped.notes, ...dataset.notes] } : dataset;
}

async function openPath(path: string, settings: OpenSettings): Promise<Dataset> {
  const files = await arrayFiles(path);
  if (files.length === 0) return openPictureFolder(path, settings);
  const arrays = mergeArrays(await Promise.all(files.map(readArrays)), path);
  return arrayDataset(basename(resolve(path)), arrays, settings);
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

function bad(where: string, what: string, got: string, wanted: string): ResonnxError {
  return new ResonnxError("bad-input", { where, what, got, wanted });
}
