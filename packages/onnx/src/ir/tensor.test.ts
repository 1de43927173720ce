import { expect, test } from "vitest";
import { floats, integers, stridesOf, tensor } from "./tensor.ts";
import { transposeTensor } from "./transpose.ts";

const count = (dims: readonly number[]) => dims.reduce((size, dim) => size * dim, 1);
const range = (dims: readonly number[]) =>
  floats(
    dims,
    Float32Array.from({ length: count(dims) }, (_, i) => i),
  );

/** The definition: out[i0, i1, ...] = in[i at perm]. */
function byDefinition(dims: readonly number[], perm: readonly number[]): number[] {
  const outDims = perm.map((axis) => dims[axis]!);
  const [outStrides, inStrides] = [stridesOf(outDims), stridesOf(dims)];
  return Array.from({ length: count(dims) }, (_, i) =>
    perm.reduce((at, axis, k) => at + (Math.floor(i / outStrides[k]!) % outDims[k]!) * inStrides[axis]!, 0),
  );
}

test.each<[readonly number[], readonly number[]]>([
  [
    [3, 3, 2, 4],
    [3, 2, 0, 1],
  ],
  [
    [1, 1, 5, 4],
    [3, 2, 0, 1],
  ],
  [
    [2, 3, 4],
    [0, 1, 2],
  ],
  [
    [2, 3, 4],
    [2, 0, 1],
  ],
  [
    [2, 1, 3, 1, 4],
    [4, 3, 0, 1, 2],
  ],
  [[4], [0]],
  [
    [1, 1],
    [1, 0],
  ],
  [[], []],
  [
    [0, 3],
    [1, 0],
  ],
])("transpose of [%s] by [%s]", (dims, perm) => {
  const { dims: outDims, data } = transposeTensor(range(dims), perm);
  expect(outDims).toEqual(perm.map((axis) => dims[axis]));
  expect([...data]).toEqual(byDefinition(dims, perm));
});

test("transposes any element type", () => {
  expect(transposeTensor(integers([1, 2, 3, 4], [2, 2]), [1, 0]).data).toEqual(BigInt64Array.of(1n, 3n, 2n, 4n));
  expect(transposeTensor(tensor("string", [2, 2], ["a", "b", "c", "d"]), [1, 0]).data).toEqual(["a", "c", "b", "d"]);
});
