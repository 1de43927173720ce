import { broadcast, like, operand, refuse, sameDtype } from "../infer/rules.ts";
import { type AttrSpec, op } from "./op.ts";

/** Elementwise with parameters of its own, the same type out. */
const activation = <const S extends AttrSpec>(attrs: S) =>
  op<S>({ attrs, arity: [1, 1], infer: (inputs) => [like(operand(inputs, 0))] });

/** x where x > 0, else alpha * (exp(x) - 1). */
export const Elu = activation({ alpha: "float" });

/** x * (1 + erf(x / sqrt(2))) / 2, or with `approximate` "tanh" its approximation by tanh; opset 20. */
export const Gelu = activation({ approximate: "string?" });

/** x * max(0, min(1, x / 6 + 1 / 2)); opset 14. */
export const HardSwish = activation({});

/** max(0, min(1, alpha * x + beta)) */
export const HardSigmoid = activation({ alpha: "float", beta: "float" });

/** x where x > 0, else alpha * x. */
export const LeakyRelu = activation({ alpha: "float" });

/** x where x > alpha, else 0. */
export const ThresholdedRelu = activation({ alpha: "float" });

/** Clip(x, least?, most?): both scalars. */
export const Clip = op({
  arity: [1, 3],
  infer(inputs) {
    const odd = inputs.slice(1).find((bound) => bound && bound.rank !== 0);
    if (odd) throw refuse("bounds are scalars", `rank ${odd.rank}`);
    sameDtype(inputs);
    return [like(operand(inputs, 0))];
  },
});

/** PRelu(x, slope): x where x > 0, else slope * x; the slope is stretched to x, never x to the slope. */
export const PRelu = op({
  arity: [2, 2],
  infer(inputs) {
    const [x, slope] = [operand(inputs, 0), operand(inputs, 1)];
    if (slope.rank > x.rank) throw refuse("the slope has more axes than the input", `${slope.rank}`, `${x.rank}`);
    return [{ dtype: sameDtype(inputs), shape: broadcast([x.shape, slope.shape]) }];
  },
});
