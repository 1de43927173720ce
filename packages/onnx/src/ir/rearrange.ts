import { type Tensor, tensor } from "./tensor.ts";
import { sizeOf } from "./types.ts";

/** Arrays of any element type: elements are only moved. */
type Elements = Float32Array;

/** Tensors of one element type, whose sizes differ along `axis` alone, one behind the other. */
export function concatTensors(parts: readonly Tensor[], axis: number): Tensor {
  const first = parts[0]!;
  const dims = first.dims.with(
    axis,
    parts.reduce((total, { dims }) => total + dims[axis]!, 0),
  );
  const outer = sizeOf(first.dims.slice(0, axis));
  const data = emptyLike(first, sizeOf(dims));
  const sources = parts.map((part) => ({ data: part.data as Elements, run: sizeOf(part.dims.slice(axis)) }));
  let at = 0;
  for (let row = 0; row < outer; row++) {
    for (const { data: source, run } of sources) {
      data.set(source.subarray(row * run, (row + 1) * run), at);
      at += run;
    }
  }
  return tensor(first.dtype, dims, data as never);
}

/** The entries of `input` along `axis` at `indices`, in their order; negative ones count from the end. */
export function gatherTensor(input: Tensor, indices: readonly number[], axis: number): Tensor {
  const dims = input.dims.with(axis, indices.length);
  const [outer, run] = [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis + 1))];
  const data = emptyLike(input, sizeOf(dims));
  const step = input.dims[axis]!;
  for (let row = 0, at = 0; row < outer; row++) {
    for (const index of indices) {
      const from = (row * step + (index < 0 ? index + step : index)) * run;
      data.set((input.data as Elements).subarray(from, from + run), at);
      at += run;
    }
  }
  return tensor(input.dtype, dims, data as never);
}

const emptyLike = ({ data }: Tensor, size: number): Elements => new (data.constructor as Float32ArrayConstructor)(size);
