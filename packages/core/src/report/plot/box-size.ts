import type { Box } from "./diagram.ts";

/** Pixels of a character in the diagram's font, 12 px monospace, and of a line. */
const CHARACTER = 7.3;
export const LINE = 18;
/** Between a text and the border of its cell. */
export const PADDING = 8;

/** A box has three columns: name and class; the words input and output; their shapes. */
export interface BoxSize {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly [number, number, number];
}

export const shapesText = (shapes: readonly string[]): string =>
  shapes.length === 1 ? shapes[0]! : `[${shapes.join(", ")}]`;

/** As large as the texts inside need. */
export function sizeOf({ name, type, inputs, outputs }: Box): BoxSize {
  const wide = (...texts: readonly string[]) =>
    Math.ceil(Math.max(...texts.map((text) => text.length)) * CHARACTER) + 2 * PADDING;
  const columns = [wide(name, type), wide("output:"), wide(shapesText(inputs), shapesText(outputs))] as const;
  return { columns, width: columns[0] + columns[1] + columns[2], height: 2 * LINE + PADDING };
}
