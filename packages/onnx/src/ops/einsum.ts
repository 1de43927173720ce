import { broadcast, operand, refuse, sameDtype } from "../infer/rules.ts";
import type { Dim, Shape } from "../ir/types.ts";
import { op } from "./op.ts";

/** Einsum(x, ...): `equation` with its output written out (`ab,bc->ac`); an ellipsis stands for leading axes. */
export const Einsum = op({
  attrs: { equation: "string" },
  arity: [1, Number.MAX_SAFE_INTEGER],
  infer(inputs, { equation }) {
    const [left, output, ...more] = equation.replaceAll(" ", "").split("->");
    const terms = left!.split(",");
    if (output === undefined || more.length > 0 || terms.length !== inputs.length)
      throw refuse("the equation does not fit the inputs", equation, `${inputs.length} terms and an output`);
    const sizes = new Map<string, Dim>();
    const leading = terms.map((term, i) => readTerm(term, operand(inputs, i).shape, sizes));
    const shape = labelsOf(output).flatMap((label): readonly Dim[] => {
      if (label === ELLIPSIS) return broadcast(leading);
      const size = sizes.get(label);
      if (size === undefined) throw refuse(`the output's axis "${label}" is in no input`, equation);
      return [size];
    });
    return [{ dtype: sameDtype(inputs), shape }];
  },
});

const ELLIPSIS = "...";

const labelsOf = (term: string): string[] => term.match(/\.\.\.|[a-zA-Z]/g) ?? [];

/** Notes the sizes of one input's labels, and gives what its ellipsis stands for. */
function readTerm(term: string, shape: Shape, sizes: Map<string, Dim>): Shape {
  const labels = labelsOf(term);
  const hidden = shape.length - labels.filter((label) => label !== ELLIPSIS).length;
  if (labels.join("") !== term || hidden < 0 || (hidden > 0 && !labels.includes(ELLIPSIS)))
    throw refuse(`a term does not fit its input`, term, `${shape.length} axes`);
  let at = 0;
  let leading: Shape = [];
  for (const label of labels) {
    if (label === ELLIPSIS) {
      leading = shape.slice(at, at + hidden);
      at += hidden;
      continue;
    }
    const dim = shape[at++]!;
    const known = sizes.get(label);
    if (typeof known === "number" && typeof dim === "number" && known !== dim && known !== 1 && dim !== 1)
      throw refuse(`two sizes for axis "${label}"`, `${known} and ${dim}`);
    if (known === undefined || known === 1 || (typeof known !== "number" && dim !== 1)) sizes.set(label, dim);
  }
  return leading;
}
