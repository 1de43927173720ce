/**
 * Where a point of the result lies in the picture: [a, b, tx, c, d, ty] takes (x, y), in pixels about the middle, to
 * (a x + b y + tx, c x + d y + ty).
 */
export type Affine = readonly [number, number, number, number, number, number];

export const STILL: Affine = [1, 0, 0, 0, 1, 0];

/** The map that applies `second` to what `first` gives. */
export function composed(
  [a, b, tx, c, d, ty]: Affine,
  [a2, b2, tx2, c2, d2, ty2]: Affine,
): [number, number, number, number, number, number] {
  return [
    a2 * a + b2 * c,
    a2 * b + b2 * d,
    a2 * tx + b2 * ty + tx2,
    c2 * a + d2 * c,
    c2 * b + d2 * d,
    c2 * tx + d2 * ty + ty2,
  ];
}

/** The picture turned counterclockwise by `degrees`. */
export function turned(degrees: number): Affine {
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return [cos, -sin, 0, sin, cos, 0];
}

/** The picture shown `factor` times as large. */
export const zoomed = (factor: number): Affine => [1 / factor, 0, 0, 0, 1 / factor, 0];

/** The window moved over the picture, right and down, by pixels. */
export const moved = (x: number, y: number): Affine => [1, 0, x, 0, 1, y];

/** Rows slid sideways by `x` pixels a row, then columns by `y` pixels a column. */
export const sheared = (x: number, y: number): Affine => [1, x, 0, y, 1 + x * y, 0];

/** Left and right exchanged. */
export const MIRRORED: Affine = [-1, 0, 0, 0, 1, 0];
