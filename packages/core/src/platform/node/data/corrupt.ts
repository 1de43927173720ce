import { ResonnxError } from "@resonnx/base";

/** A picture that can't be decoded, and why. */
export interface Corrupt {
  readonly name: string;
  readonly reason: string;
}

/** Up to this share of the pictures (and always one) may be corrupt. */
const CORRUPT_SHARE = 0.1;
/** Names that a note shows. */
const SHOWN = 10;

/** Throws `bad-input` when more of `count` pictures are corrupt than may be. */
export function checkCorrupt(corrupt: readonly Corrupt[], count: number, where: string): void {
  if (corrupt.length <= Math.max(1, CORRUPT_SHARE * count)) return;
  throw new ResonnxError("bad-input", {
    where,
    what: "too many corrupt pictures",
    got: `${corrupt.length} of ${count}, first ${textOf(corrupt[0]!)}`,
    wanted: `at most ${100 * CORRUPT_SHARE} %`,
    hint: "remove or replace them",
  });
}

export const textOf = ({ name, reason }: Corrupt): string => `${name} (${reason})`;

/** A note that says how many and shows the first, none without any. */
export function listed(names: readonly string[], text: (count: number) => string): string[] {
  if (names.length === 0) return [];
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return [`${text(names.length)}: ${names.slice(0, SHOWN).join(", ")}${more}.`];
}
