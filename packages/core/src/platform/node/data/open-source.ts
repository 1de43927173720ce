import { basename, resolve } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { ALL_KEYS, mergeArrays, type NamedArray } from "../../../data/named-arrays.ts";
import type { FileTree } from "./files/file-tree.ts";
import { ARCHIVE_ENDINGS, openTree } from "./files/open-tree.ts";
import { type Place, readPlace } from "./files/place.ts";
import { readH5Arrays } from "./read-h5-arrays.ts";
import { readNpzArrays } from "./read-npz-arrays.ts";
import { shippedData } from "./shipped-data.ts";

/** What lies at a path: files of pictures, or pictures in arrays. */
export type Source = { readonly notes: readonly string[] } & (
  | { readonly is: "pictures"; readonly tree: FileTree }
  | { readonly is: "arrays"; readonly name: string; readonly arrays: ReadonlyMap<string, NamedArray> }
);

/** What lies at a path, or ships by that name. Throws what `openDataset` does. */
export async function openSource(path: string): Promise<Source> {
  const shipped = shippedData.get(path);
  return openPath(shipped?.path ?? path, shipped?.notes ?? []);
}

async function openPath(path: string, notes: readonly string[]): Promise<Source> {
  const tree = await openTree(path).catch((error: unknown) => {
    if (!(error instanceof ResonnxError) || error.code !== "not-found") throw error;
    const wanted = `a path or ${[...shippedData.keys()].join(", ")}`;
    throw new ResonnxError("not-found", { ...error.facts, wanted });
  });
  if (!tree && !arrayReaders.has(extension(path))) {
    const wanted = `a folder, ${[...ARCHIVE_ENDINGS, ...[...arrayReaders.keys()].map((end) => `.${end}`)].join(", ")}`;
    throw new ResonnxError("bad-input", { where: path, what: "not a data set", got: "a file", wanted });
  }
  if (!tree) return { ...(await arraysOf(path, [{ place: { in: "folder", path }, name: path }])), notes };
  const files = tree.names.filter((name) => /^(train|val|test)[^/]*$/i.test(name) && arrayReaders.has(extension(name)));
  if (files.length === 0) return { is: "pictures", tree, notes };
  const named = files.map((name) => ({ place: tree.place(name), name: `${path}/${name}` }));
  return { ...(await arraysOf(path, named)), notes };
}

/** A file of arrays, and what it is called. */
interface ArrayFile {
  readonly place: Place;
  readonly name: string;
}

async function arraysOf(path: string, files: readonly ArrayFile[]) {
  const arrays = mergeArrays(await Promise.all(files.map(readArrays)), path);
  return { is: "arrays", name: basename(resolve(path)), arrays } as const;
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
