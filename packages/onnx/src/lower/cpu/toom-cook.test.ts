import { expect, test } from "vitest";
import { randomStream } from "../../testing/random.ts";
import { transforms } from "./toom-cook.ts";

const product = ({ dims: [rows, columns], data }: { dims: readonly number[]; data: Float32Array }, x: number[]) =>
  Array.from({ length: rows! }, (_, i) => x.reduce((sum, value, k) => sum + data[i * columns! + k]! * value, 0));

test("F(2x2, 3x3) has Lavin and Gray's constants, but for scales that cancel", () => {
  const { input, kernel, output } = transforms(2);
  // Row 1 of each (points 0 and 1): |Bᵀ| = |[1,0,-1,0] ⊗ [0,1,1,0]| / 2, G = [1,0,0] ⊗ [1,1,1], Aᵀ row 0 = [1,1,1,0] ⊗ [1,1,1,0].
  expect([...input.data.slice(16, 32)].map(Math.abs)).toEqual([0, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0.5, 0.5, 0, 0, 0, 0, 0]);
  expect([...kernel.data.slice(9, 18)]).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0]);
  expect([...output.data.slice(0, 16)]).toEqual([1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0]);
});

test.each([2, 4] as const)("a tile of %i is the correlation of its input with the kernel, turned or not", (m) => {
  const next = randomStream(2);
  const a = m + 2;
  const [tile, kernel] = [Array.from({ length: a * a }, next), Array.from({ length: 9 }, next)];
  const t = transforms(m);
  for (const [name, taps] of [["kernel", kernel] as const, ["turnedKernel", kernel.toReversed()] as const]) {
    const u = product(t[name], kernel);
    const y = product(
      t.output,
      product(t.input, tile).map((v, i) => v * u[i]!),
    );
    for (const [place, value] of y.entries()) {
      const [row, column] = [Math.floor(place / m), place % m];
      const sum = taps.reduce((s, w, k) => s + w * tile[(row + Math.floor(k / 3)) * a + column + (k % 3)]!, 0);
      expect(value).toBeCloseTo(sum, 5);
    }
  }
});
