import { ResonnxError, reasonOf } from "@resonnx/base";
import type { File } from "h5wasm";
import { type Hdf5, hdf5 } from "../platform/hdf5.ts";
import { checkGlobalHeaps } from "./global-heap.ts";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const ZIP_SIGNATURE = [0x50, 0x4b, 0x03, 0x04];
/** HDF5 allows a user block before the signature: 512 bytes or a power of two times that. Nobody's is longer than this. */
const LONGEST_USER_BLOCK = 1 << 20;

/** What HDF5 may allocate for any file, and for each byte of it: a weight is read whole, and may be compressed. */
const MEMORY = 256 << 20;
const MEMORY_FOR_BYTE = 4;

let count = 0;

/** Opens `bytes` as an HDF5 file for the time of `use`. Throws `bad-input` when it isn't one, is cut short or is damaged. */
export async function readHdf5<T>(bytes: Uint8Array, where: string, use: (file: File, h5: Hdf5) => T): Promise<T> {
  checkSignature(bytes, where);
  checkGlobalHeaps(bytes, where);
  const h5 = await hdf5();
  h5.memory.set(MEMORY + MEMORY_FOR_BYTE * bytes.length);
  return inMemory(h5, bytes, (path) => {
    try {
      return withFile(new h5.File(path, "r"), (file) => use(file, h5));
    } catch (error) {
      throw error instanceof ResonnxError ? error : unreadable(error, bytes, where);
    }
  });
}

/** The bytes of a new HDF5 file that `fill` writes. */
export async function writeHdf5(fill: (file: File) => void): Promise<Uint8Array> {
  const h5 = await hdf5();
  h5.memory.set(Number.POSITIVE_INFINITY);
  return inMemory(h5, new Uint8Array(), (path) => {
    withFile(new h5.File(path, "w"), fill);
    return h5.fs.readFile(path);
  });
}

function inMemory<T>(h5: Hdf5, bytes: Uint8Array, use: (path: string) => T): T {
  const path = `/resonnx-${count++}.h5`;
  h5.fs.writeFile(path, bytes);
  try {
    return use(path);
  } finally {
    h5.fs.unlink(path);
  }
}

function withFile<T>(file: File, use: (file: File) => T): T {
  try {
    return use(file);
  } finally {
    file.close();
  }
}

function checkSignature(bytes: Uint8Array, where: string): void {
  const starts = (signature: readonly number[], at: number) => signature.every((byte, i) => bytes[at + i] === byte);
  if (starts(SIGNATURE, 0)) return;
  for (let at = 512; at <= LONGEST_USER_BLOCK; at *= 2) if (starts(SIGNATURE, at)) return;
  const got = starts(ZIP_SIGNATURE, 0) ? "a zip archive" : `${bytes.length} bytes without the HDF5 signature`;
  throw new ResonnxError("bad-input", {
    where,
    what: "not an HDF5 file",
    got,
    wanted: "an HDF5 file",
    ...(starts(ZIP_SIGNATURE, 0) && { hint: "this looks like Keras 3's .keras format" }),
  });
}

/** HDF5 prints a stack of errors; its innermost line says what is wrong with the file. */
function unreadable(error: unknown, bytes: Uint8Array, where: string): ResonnxError {
  const reason =
    reasonOf(error)
      .match(/#\d+: .*\(\): (.*)/g)
      ?.at(-1)
      ?.replace(/^#\d+: .*?\(\): /, "") ?? reasonOf(error);
  const truncated = reason.includes("truncated file");
  return new ResonnxError("bad-input", {
    where,
    what: truncated ? "the HDF5 file is cut short" : `the HDF5 file is damaged: ${reason}`,
    got: `${bytes.length} bytes`,
    ...(truncated && {
      wanted: `${/stored_eof = (\d+)/.exec(reason)?.[1] ?? "more"} bytes`,
      hint: "copy or download it again",
    }),
    cause: error,
  });
}
