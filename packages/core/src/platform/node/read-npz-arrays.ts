import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { ResonnxError, reasonOf } from "@resonnx/base";
import type { NamedArray } from "../../data/named-arrays.ts";
import { parseNpy } from "../../data/npy.ts";
import { type ZipEntry, zipEntries } from "../../data/zip.ts";

/** What one array may take once it is inflated. */
const MAX_BYTES = 1 << 30;

/** The arrays of these names in an .npz file, those that are there. Throws `bad-input` on a broken file. */
export async function readNpzArrays(path: string, names: readonly string[]): Promise<Map<string, NamedArray>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ResonnxError("bad-input", { where: path, what: reasonOf(cause), cause });
  });
  const arrays = new Map<string, NamedArray>();
  for (const entry of zipEntries(bytes, path)) {
    const name = entry.name.replace(/\.npy$/, "");
    if (names.includes(name)) arrays.set(name, parseNpy(await content(entry, path), `${path} ${name}`));
  }
  return arrays;
}

async function content({ name, packed, deflated, size }: ZipEntry, path: string): Promise<Uint8Array> {
  const where = `${path} ${name}`;
  const wanted = `at most ${MAX_BYTES}`;
  if (size > MAX_BYTES) throw new ResonnxError("bad-input", { where, what: "too large", got: `${size} bytes`, wanted });
  if (!deflated) return packed;
  try {
    return await promisify(inflateRaw)(packed, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw new ResonnxError("bad-input", { where, what: `can't be unpacked: ${reasonOf(cause)}`, cause });
  }
}
