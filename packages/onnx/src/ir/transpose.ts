import { derivedTensor, fillFrom, isDerived } from "./derived.ts";
import { type ArrayOf, stridesOf, type TensorOf, tensor } from "./tensor.ts";
import { type DataType, sizeOf } from "./types.ts";

/** The axes of `input` reordered: output axis i is input axis `perm[i]`. */
export function transposeTensor<D extends DataType>(input: TensorOf<D>, perm: readonly number[]): TensorOf<D> {
  const dims = perm.map((axis) => input.dims[axis]!);
  const move = moveOf(input.dims, perm);
  if (input.dtype !== "string")
    return derivedTensor<"float32">(input.dtype as "float32", dims, (into) => {
      move(input.data as Float32Array, into); // any array type: elements are only moved
    }) as unknown as TensorOf<D>;
  const texts = [...(input.data as readonly string[])];
  move(input.data as readonly string[], texts);
  return tensor("string", dims, texts) as unknown as TensorOf<D>;
}

/** Copies elements from their places in `dims` to those in the reordered axes. */
function moveOf(dims: readonly number[], perm: readonly number[]) {
  const { sizes, strides } = walkOf(dims, perm);
  const last = sizes.length - 1;
  const [run, step] = [sizes[last]!, strides[last]!];
  return <T>(source: ArrayLike<T>, into: { [index: number]: T; readonly length: number }): void => {
    const index = new Array<number>(last).fill(0);
    for (let to = 0, from = 0; to < into.length; ) {
      for (let i = 0, at = from; i < run; i++, at += step) into[to++] = source[at]!;
      for (let axis = last - 1; axis >= 0; axis--) {
        from += strides[axis]!;
        if (++index[axis]! < sizes[axis]!) break;
        from -= strides[axis]! * sizes[axis]!;
        index[axis] = 0;
      }
    }
  };
}

/** How a transpose walks its source: axes of size 1 left out, output axes that are neighbours there already joined to one. */
function walkOf(dims: readonly number[], perm: readonly number[]): { sizes: number[]; strides: number[] } {
  const inputStrides = stridesOf(dims);
  const sizes = [1];
  const strides = [0];
  for (const axis of perm.filter((axis) => dims[axis] !== 1)) {
    const [size, stride] = [dims[axis]!, inputStrides[axis]!];
    if (strides.at(-1) === stride * size) {
      sizes[sizes.length - 1]! *= size;
      strides[strides.length - 1] = stride;
    } else {
      sizes.push(size);
      strides.push(stride);
    }
  }
  return { sizes, strides };
}

/** The same data under another shape of the same size. */
export function reshapeTensor<D extends DataType>(input: TensorOf<D>, dims: readonly number[]): TensorOf<D> {
  if (sizeOf(dims) !== sizeOf(input.dims) || !isDerived(input))
    return tensor(input.dtype as D, dims, input.data as ArrayOf[D]);
  const source = input as unknown as TensorOf<"float32">; // strings are never derived
  return derivedTensor(source.dtype, dims, (into) => fillFrom(source, into)) as unknown as TensorOf<D>;
}
