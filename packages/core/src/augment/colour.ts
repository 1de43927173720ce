import { LUMA } from "@resonnx/base";

/** What becomes of a pixel's red, green and blue in [0, 1]: a row a channel, [red, green, blue, 1] times it. */
export type Colour = readonly [
  ...[number, number, number, number],
  ...[number, number, number, number],
  ...[number, number, number, number],
];

export const PLAIN: Colour = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** The change that applies `second` to what `first` gives. */
export function lit(first: Colour, second: Colour): Colour {
  const at = (row: number, column: number): number => {
    const [r, g, b, one] = second.slice(row * 4, row * 4 + 4);
    const sum = r! * first[column]! + g! * first[4 + column]! + b! * first[8 + column]!;
    return column === 3 ? sum + one! : sum;
  };
  return [
    ...([at(0, 0), at(0, 1), at(0, 2), at(0, 3)] as const),
    ...([at(1, 0), at(1, 1), at(1, 2), at(1, 3)] as const),
    ...([at(2, 0), at(2, 1), at(2, 2), at(2, 3)] as const),
  ];
}

/** Every value times `factor`, plus `offset`. */
export const scaled = (factor: number, offset = 0): Colour => [
  ...([factor, 0, 0, offset] as const),
  ...([0, factor, 0, offset] as const),
  ...([0, 0, factor, offset] as const),
];

/** Each pixel `factor` times as far from its own gray: 0 is a gray picture. */
export function saturated(factor: number): Colour {
  const [r, g, b] = LUMA.map((share) => share * (1 - factor)) as [number, number, number]; // as long as LUMA
  return [r + factor, g, b, 0, r, g + factor, b, 0, r, g, b + factor, 0];
}
