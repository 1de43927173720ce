import { basename, resolve } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";
import type { Dataset } from "../../data/dataset.ts";
import { ALL_KEYS, mergeArrays, type NamedArray } from "../../data/named-arrays.ts";
import { arrayDataset } from "./array-dataset.ts";
import { type DatasetOptions, type OpenSettings, settingsOf } from "./dataset-options.ts";
import { ARCHIVE_ENDINGS, openTree } from "./files/open-tree.ts";
import { type Place, readPlace } from "./files/place.ts";
import { openPictures } from "./picture-folder.ts";
import { readH5Arrays } from "./read-h5-arrays.ts";
import { readNpzArrays } from "./read-npz-arrays.ts";
import { shippedData } from "./shipped-data.ts";

/**
 * The labelled pictures at a path, or those that ship as `hand-signs`: `D/{class}/*.jpg|png|webp`,
 * `D/{train,val,test}/{class}/*`, `D/{label}_*.jpg`, `D/{train,val,test}*\/{label}_*.jpg`, the tutorial's pair of
 * `train_*.h5` and `test_*.h5` in a folder, one such file, or an `.npz` of the same arrays; `D` is a folder, a `.zip` or
 * a `.tar`, which is read where it lies.
 *
 * Throws `not-found` without anything at the path, `bad-input` on what isn't a data set, `unsupported` for an archive
 * that is encrypted, `aborted` by the signal.
 */
export async function openDataset(path: string, options: DatasetOptions = {}): Promise<Dataset> {
  const settings = settingsOf(options);
  const shipped = shippedData.get(path);
  const dataset = await openPath(shipped?.path ?? path, settings);
  return shipped ? { ...dataset, notes: [...shipped.notes, ...dataset.notes] } : dataset;
}

async function openPath(path: string, settings: OpenSettings): Promise<Dataset> {
  const tree = await openTree(path).catch((error: unknown) => {
    if (!(error instanceof ResonnxError) || error.code !== "not-found") throw error;
    const wanted = `a path or ${[...shippedData.keys()].join(", ")}`;
    throw new ResonnxError("not-found", { ...error.facts, wanted });
  });
  if (!tree && !arrayReaders.has(extension(path))) {
    const wanted = `a folder, ${[...ARCHIVE_ENDINGS, ...[...arrayReaders.keys()].map((end) => `.${end}`)].join(", ")}`;
    throw new ResonnxError("bad-input", { where: path, what: "not a data set", got: "a file", wanted });
  }
  if (!tree) return arrays(path, [{ place: { in: "folder", path }, name: path }], settings);
  const files = tree.names.filter((name) => /^(train|val|test)[^/]*$/i.test(name) && arrayReaders.has(extension(name)));
  if (files.length === 0) return openPictures(tree, settings);
  return arrays(
    path,
    files.map((name) => ({ place: tree.place(name), name: `${path}/${name}` })),
    settings,
  );
}

/** A file of arrays, and what it is called. */
interface ArrayFile {
  readonly place: Place;
  readonly name: string;
}

async function arrays(path: string, files: readonly ArrayFile[], settings: OpenSettings): Promise<Dataset> {
  const read = await Promise.all(files.map(readArrays));
  return arrayDataset(basename(resolve(path)), mergeArrays(read, path), settings);
}

type Arrays = ReadonlyMap<string, NamedArray>;
type ArrayReader = (bytes: Uint8Array, where: string, names: readonly string[]) => Arrays | Promise<Arrays>;

/** Readers of files that hold arrays, by the end of the name. */
const arrayReaders: ReadonlyMap<string, ArrayReader> = new Map<string, ArrayReader>([
  ["h5", readH5Arrays],
  ["hdf5", readH5Arrays],
  ["npz", readNpzArrays],
]);

async function readArrays({ place, name }: ArrayFile): Promise<Arrays> {
  return arrayReaders.get(extension(name))!(bytesAt(place, name), name, ALL_KEYS);
}

function bytesAt(place: Place, where: string): Uint8Array {
  try {
    return readPlace(place);
  } catch (cause) {
    if (cause instanceof ResonnxError) throw cause;
    throw new ResonnxError("bad-input", { where, what: `can't be read: ${reasonOf(cause)}`, cause });
  }
}

const extension = (name: string) => /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? "";
