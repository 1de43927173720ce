import { readFile } from "node:fs/promises";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { Zip } from "@resonnx/keras";
import type { NamedArray } from "../../data/named-arrays.ts";
import { parseNpy } from "../../data/npy.ts";

/** The arrays of these names in an .npz file, those that are there. Throws `bad-input` on a broken file. */
export async function readNpzArrays(path: string, names: readonly string[]): Promise<Map<string, NamedArray>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ResonnxError("bad-input", { where: path, what: reasonOf(cause), cause });
  });
  const zip = new Zip(bytes, path);
  const arrays = new Map<string, NamedArray>();
  for (const name of names) {
    const content = zip.read(`${name}.npy`);
    if (content) arrays.set(name, parseNpy(content, `${path} ${name}`));
  }
  return arrays;
}
