import { Zip } from "@resonnx/keras";
import type { NamedArray } from "../../../data/named-arrays.ts";
import { parseNpy } from "../../../data/npy.ts";

/** The arrays of these names in an .npz file, those that are there. Throws `bad-input` on a broken file. */
export function readNpzArrays(bytes: Uint8Array, where: string, names: readonly string[]): Map<string, NamedArray> {
  const zip = new Zip(bytes, where);
  const arrays = new Map<string, NamedArray>();
  for (const name of names) {
    const content = zip.read(`${name}.npy`);
    if (content) arrays.set(name, parseNpy(content, `${where} ${name}`));
  }
  return arrays;
}
