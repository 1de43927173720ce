import { expect, test } from "vitest";
import { concatTensors, gatherTensor } from "./rearrange.ts";
import { floats, integers } from "./tensor.ts";

test("concat along an inner and an outer axis", () => {
  const [a, b] = [floats([2, 2], [1, 2, 3, 4]), floats([2, 1], [5, 6])];
  expect(concatTensors([a, b], 1)).toEqual(floats([2, 3], [1, 2, 5, 3, 4, 6]));
  expect(concatTensors([integers([1, 2]), integers([3])], 0)).toEqual(integers([1, 2, 3]));
});

test("gather reorders, repeats and leaves out", () => {
  const x = floats(
    [2, 3, 2],
    Float32Array.from({ length: 12 }, (_, i) => i),
  );
  expect(gatherTensor(x, [2, 0, 0], 1)).toEqual(floats([2, 3, 2], [4, 5, 0, 1, 0, 1, 10, 11, 6, 7, 6, 7]));
  expect(gatherTensor(integers([7, 8, 9]), [2], 0)).toEqual(integers([9]));
});
