import { ResonnxError } from "@resonnx/base";
import { type Hdf5, readHdf5 } from "@resonnx/keras";
import type { NamedArray } from "../../../data/named-arrays.ts";

/** An array is copied out of WebAssembly's memory, which ends at 2 GB. */
const MAX_BYTES = 1 << 30;
/** Deflate can't shrink any further than this, so a larger size can't be in the file. */
const MAX_RATIO = 1032;

/** The arrays of these names at the top of an HDF5 file, those that are there. Throws `bad-input` on a broken file. */
export async function readH5Arrays(
  bytes: Uint8Array,
  path: string,
  names: readonly string[],
): Promise<Map<string, NamedArray>> {
  return readHdf5(bytes, path, (file, h5) => {
    const arrays = new Map<string, NamedArray>();
    for (const name of file.keys().filter((key) => names.includes(key))) {
      const entity = file.get(name);
      if (!(entity instanceof h5.Dataset)) throw bad(path, `${name} is not an array`);
      arrays.set(name, toArray(entity, `${path} ${name}`, bytes.length));
    }
    return arrays;
  });
}

function toArray(dataset: InstanceType<Hdf5["Dataset"]>, where: string, fileSize: number): NamedArray {
  const { shape, metadata } = dataset;
  const count = shape?.reduce((a, b) => a * b, 1) ?? 0;
  const bytes = count * metadata.size;
  if (!shape || bytes > Math.min(MAX_BYTES, fileSize * MAX_RATIO)) {
    throw bad(where, `an array of ${shape?.join(" x ") ?? "no"} values, ${bytes} bytes, is more than can be read`);
  }
  const { value } = dataset;
  const type = typeof dataset.dtype === "string" ? (TYPES[dataset.dtype] ?? dataset.dtype) : "compound";
  if (ArrayBuffer.isView(value) && value.length === count) return { shape, type, data: value };
  if (Array.isArray(value) && value.length === count && value.every((one) => typeof one === "string")) {
    return { shape, type, data: value };
  }
  throw bad(where, `values of type ${type} are neither numbers nor texts`);
}

/** h5wasm's type codes (those of Python's struct) that such files use, as numpy calls them. */
const TYPES: Readonly<Record<string, string>> = {
  "<B": "uint8",
  "<i": "int32",
  "<q": "int64",
  "<f": "float32",
  "<d": "float64",
};

function bad(where: string, what: string): ResonnxError {
  return new ResonnxError("bad-input", { where, what, hint: "was its download cut short?" });
}
