import { arrays, bytesPerElement, type Numeric } from "./arrays.ts";
import { type ArrayOf, type Tensor, type TensorOf, tensor } from "./tensor.ts";
import { sizeOf } from "./types.ts";

/** Up to this many elements are kept; more are computed each time they are read. */
const MAX_KEPT = 1 << 14;

/** Writes all elements of a tensor. */
export type Fill<D extends Numeric> = (into: ArrayOf[D]) => void;

/** How the tensors that `derivedTensor` made are computed. */
const fills = new WeakMap<object, Fill<never>>();

/** The array that was computed last, so that code that reads one tensor element by element computes it once. */
let latest: { readonly of: object; readonly data: unknown } | undefined;

/**
 * A tensor whose elements `fill` computes. A large one is computed whenever it is read, so that weights that go through
 * several rewrites on their way into a file are in memory once, at their source.
 */
export function derivedTensor<D extends Numeric>(dtype: D, dims: readonly number[], fill: Fill<D>): TensorOf<D> {
  const make = (): ArrayOf[D] => {
    const data = new arrays[dtype](sizeOf(dims));
    fill(data);
    return data;
  };
  if (sizeOf(dims) <= MAX_KEPT) return tensor(dtype, dims, make());
  const derived = {
    dtype,
    dims,
    get data(): ArrayOf[D] {
      if (latest?.of !== derived) latest = { of: derived, data: make() };
      return latest.data as ArrayOf[D];
    },
  };
  fills.set(derived, fill as Fill<never>);
  return derived as unknown as TensorOf<D>; // one member of the union, which TypeScript can't follow through D
}

export const isDerived = (value: Tensor): boolean => fills.has(value);

/** Writes the elements of a tensor, without a copy of them in between. */
export function fillFrom<D extends Numeric>(value: TensorOf<D>, into: ArrayOf[D]): void {
  const fill = fills.get(value) as Fill<D> | undefined;
  if (fill) fill(into);
  else (into as Float32Array).set((value as Tensor).data as Float32Array); // arrays of one element type
}

let scratch = new ArrayBuffer(0);

/** Makes room for the largest of them at once, so that buffers that were too small don't stay behind. */
export function reserveFor(values: readonly Tensor[]): void {
  const sizes = values.map((value) =>
    value.dtype !== "string" && isDerived(value) ? sizeOf(value.dims) * bytesPerElement(value.dtype) : 0,
  );
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  if (scratch.byteLength < largest) scratch = new ArrayBuffer(largest);
}

/** The elements as bytes, little-endian; those of a derived tensor in a buffer that the next call uses again. */
export function bytesOfTensor(value: Tensor): Uint8Array {
  if (value.dtype === "string") return new Uint8Array();
  if (!isDerived(value)) return new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength);
  const length = sizeOf(value.dims);
  const size = length * bytesPerElement(value.dtype);
  if (scratch.byteLength < size) scratch = new ArrayBuffer(size);
  fillFrom(value as TensorOf<"float32">, new arrays[value.dtype](scratch, 0, length) as Float32Array);
  return new Uint8Array(scratch, 0, size);
}

/** Lets go of the buffers that this file holds on to between reads. */
export function forgetDerived(): void {
  latest = undefined;
  scratch = new ArrayBuffer(0);
}
