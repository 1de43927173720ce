import type { Builder } from "../../builder/builder.ts";
import { refuse } from "../../infer/rules.ts";
import type { Value } from "../../ir/value.ts";
import { staticShape, type Vjp } from "../vjp.ts";

const lettersOf = (term: string): string[] => term.match(/[a-zA-Z]/g) ?? [];

/**
 * An operand's gradient is an einsum too: of dy and the other operands, to that operand's term. Axes of the operand that
 * are in none of these were summed up by themselves: a vector of ones brings them back.
 */
export const einsum: Vjp<"Einsum"> = ({ b, node, x, dy }) => {
  const [left = "", right = ""] = node.attrs.equation.replaceAll(" ", "").split("->");
  const spare = spareLetters(node.attrs.equation);
  const terms = left.split(",").map((term, i) => spelledOut(term, x[i]!.rank, spare));
  const output = spelledOut(right, dy.rank, spare);
  return terms.map((term, i) => {
    const letters = lettersOf(term);
    if (new Set(letters).size !== letters.length) throw refuse("a gradient of Einsum along a diagonal", term);
    const others = terms.flatMap((other, k) => (k === i ? [] : [{ term: other, value: x[k]! }]));
    const operands = [{ term: output, value: dy }, ...others];
    const known = new Set(operands.flatMap((operand) => lettersOf(operand.term)));
    const lost = letters.filter((letter) => !known.has(letter));
    if (lost.length > 0) operands.push({ term: lost.join(""), value: onesAlong(b, x[i]!, term, lost) });
    const equation = `${operands.map((operand) => operand.term).join(",")}->${term}`;
    return b.op(
      "Einsum",
      operands.map(({ value }) => value),
      { equation },
    );
  });
};

const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const spareLetters = (equation: string): string =>
  [...ALPHABET].filter((letter) => !equation.includes(letter)).join("");

/** A term with letters in the place of `...`, which stands for the same last axes in every term. */
const spelledOut = (term: string, rank: number, spare: string): string => {
  const hidden = rank - lettersOf(term).length;
  return term.replace("...", hidden === 0 ? "" : spare.slice(-hidden));
};

/** Ones of the sizes that `letters` have in `value`. */
function onesAlong(b: Builder, value: Value, term: string, letters: readonly string[]): Value {
  const sizes = staticShape(value.shape);
  return b.filled(
    letters.map((letter) => sizes[term.indexOf(letter)]!),
    1,
  );
}
