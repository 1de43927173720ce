import { floats, type TensorOf } from "../../ir/tensor.ts";

type Matrix = readonly (readonly number[])[];

/**
 * Points at which polynomials are multiplied, infinity beside them. Those for tiles of 4 have the smallest error of all
 * sets of five (Barabasz et al. 2020, "Error analysis and improving the accuracy of Winograd convolution", table 4):
 * 1.0e-6 of the result's deviation, where im2col has 0.3e-6 and the usual ±1, ±2 have 1.5e-6 (64 channels, float32).
 */
const POINTS = { 2: [0, 1, -1], 4: [0, 1, -1, -2, 0.5] } as const;
const TAPS = 3;

/** Coefficients of the product of (x - root), lowest power first. */
function monic(roots: readonly number[]): number[] {
  let product = [1];
  for (const root of roots) product = [0, ...product].map((above, power) => above - root * (product[power] ?? 0));
  return product;
}

/** Powers of each point up to `length`; those of infinity are its highest coefficient. */
const powers = (points: readonly number[], length: number): Matrix => [
  ...points.map((point) => Array.from({ length }, (_, power) => point ** power)),
  Array.from({ length }, (_, power) => (power === length - 1 ? 1 : 0)),
];

/** Rows that interpolate: the polynomial that is 1 at a point and 0 at the others. */
function interpolation(points: readonly number[]): Matrix {
  const rows = points.map((point) => {
    const others = points.filter((other) => other !== point);
    const scale = others.reduce((product, other) => product * (point - other), 1);
    return [...monic(others).map((coefficient) => coefficient / scale), 0];
  });
  return [...rows, monic(points)];
}

const transposed = (m: Matrix): Matrix => m[0]!.map((_, column) => m.map((row) => row[column]!));

/** The transform of one dimension, applied to both: its Kronecker product with itself. */
function inBoth(a: Matrix): TensorOf<"float32"> {
  const rows = a.flatMap((left) => a.map((right) => left.flatMap((x) => right.map((y) => x * y))));
  return floats([rows.length, rows[0]!.length], rows.flat());
}

/** The transforms of F(m x m, 3x3) after Toom and Cook: y = Aᵀ · ((G · kernel) ∘ (Bᵀ · input)) in each dimension. */
export function transforms(m: keyof typeof POINTS) {
  const points = POINTS[m];
  const [A, G] = [powers(points, m), powers(points, TAPS)];
  return {
    input: inBoth(interpolation(points)),
    kernel: inBoth(G),
    turnedKernel: inBoth(G.map((row) => row.toReversed())),
    output: inBoth(transposed(A)),
    kernelBack: inBoth(transposed(G)),
    outputBack: inBoth(A),
  };
}
