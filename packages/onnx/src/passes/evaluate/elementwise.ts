import { type ArrayOf, stridesOf, type Tensor, tensor } from "../../ir/tensor.ts";
import { type DataType, sizeOf } from "../../ir/types.ts";
import type { Evaluate } from "./evaluate.ts";

type Computed = "float32" | "float64" | "int32" | "int64" | "bool";

/** How each element type is computed here: as JavaScript's numbers, put back into that type. */
const fromNumbers: { readonly [D in Computed]: (numbers: readonly number[]) => ArrayOf[D] } = {
  float32: (numbers) => Float32Array.from(numbers),
  float64: (numbers) => Float64Array.from(numbers),
  int32: (numbers) => Int32Array.from(numbers),
  int64: (numbers) => BigInt64Array.from(numbers, (value) => BigInt(Math.trunc(value))),
  bool: (numbers) => Uint8Array.from(numbers, (value) => (value ? 1 : 0)),
};

const isComputed = (dtype: DataType): dtype is Computed => Object.hasOwn(fromNumbers, dtype);

const FLOATS: ReadonlySet<DataType> = new Set(["float32", "float64"]);

/** The elements as numbers; undefined for types without a rule and for integers beyond what a number holds exactly. */
export function numbersIn(value: Tensor): readonly number[] | undefined {
  if (!isComputed(value.dtype)) return undefined;
  const numbers = Array.from(value.data as ArrayLike<number | bigint>, Number); // no strings: isComputed
  return FLOATS.has(value.dtype) || numbers.every(Number.isSafeInteger) ? numbers : undefined;
}

/** A tensor of those numbers; undefined where they don't fit the type. */
export function tensorOf(dtype: DataType, dims: readonly number[], numbers: readonly number[]): Tensor | undefined {
  if (!isComputed(dtype)) return undefined;
  const fits = FLOATS.has(dtype) || numbers.every((value) => Number.isSafeInteger(Math.trunc(value)));
  return fits ? (tensor(dtype, dims, fromNumbers[dtype](numbers)) as Tensor) : undefined;
}

/** `f` of every element; for floats alone unless `integers` says that it keeps them whole. */
export const unary =
  (f: (x: number) => number, { integers = false } = {}): Evaluate =>
  (_node, [x], type) => {
    const numbers = x && (integers || FLOATS.has(x.dtype)) ? numbersIn(x) : undefined;
    return numbers && tensorOf(type.dtype, type.dims, numbers.map(f));
  };

/** `f` of the elements that NumPy's broadcasting brings together. */
export const broadcast =
  (f: (...operands: number[]) => number): Evaluate =>
  (_node, inputs, type) => {
    const operands = inputs.map((input) => ({
      numbers: numbersIn(input),
      steps: stepsOf(input.dims, type.dims.length),
    }));
    const known = operands.flatMap(({ numbers, steps }) => (numbers ? { numbers, steps } : []));
    if (known.length < inputs.length) return undefined;
    const size = sizeOf(type.dims);
    const plain = known.every(({ numbers }) => numbers.length === size || numbers.length === 1);
    const strides = stridesOf(type.dims);
    const placeOf = (i: number, steps: readonly number[]): number =>
      strides.reduce((at, stride, axis) => at + steps[axis]! * (Math.floor(i / stride) % type.dims[axis]!), 0);
    const results = Array.from({ length: size }, (_, i) =>
      f(...known.map(({ numbers, steps }) => numbers[plain ? i % numbers.length : placeOf(i, steps)]!)),
    );
    return tensorOf(type.dtype, type.dims, results);
  };

/** Strides aligned at the end of `rank` axes; an axis that is stretched stands still. */
function stepsOf(dims: readonly number[], rank: number): number[] {
  const strides = stridesOf(dims).map((stride, axis) => (dims[axis] === 1 ? 0 : stride));
  return [...new Array<number>(rank - dims.length).fill(0), ...strides];
}
