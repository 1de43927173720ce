import type { Builder } from "../../builder/builder.ts";
import type { Value } from "../../ir/value.ts";
import type { Vjp } from "../vjp.ts";

/** x^p: p · x^(p-1) by x; x^p · log(x) by p where x > 0, else 0. */
export const pow: Vjp<"Pow"> = ({ b, x: [x, p], y, dy }) => {
  const logarithm = b.op("Log", [b.where(b.greater(x!, 0), x!, 1)], {});
  return [b.mul(dy, b.mul(p!, b.op("Pow", [x, b.sub(p!, 1)], {}))), b.mul(dy, b.mul(y, logarithm))];
};

/** d x·Φ(x) = Φ(x) + x·φ(x) for the normal distribution; or that of its approximation by tanh. */
export const gelu: Vjp<"Gelu"> = ({ b, node, x: [x], dy }) => [
  b.mul(dy, node.attrs.approximate === "tanh" ? tanhSlope(b, x!) : erfSlope(b, x!)),
];

function erfSlope(b: Builder, x: Value): Value {
  const share = b.mul(b.add(b.op("Erf", [b.mul(x, Math.SQRT1_2)], {}), 1), 0.5);
  const density = b.mul(b.exp(b.mul(b.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return b.add(share, b.mul(x, density));
}

const CUBIC = 0.044715;

/** With t = tanh(√(2/π) · (x + 0.044715x³)): (1 + t) / 2 + x/2 · (1 - t²) · √(2/π) · (1 + 3 · 0.044715x²). */
function tanhSlope(b: Builder, x: Value): Value {
  const scale = Math.sqrt(2 / Math.PI);
  const square = b.mul(x, x);
  const t = b.op("Tanh", [b.mul(b.mul(x, b.add(b.mul(square, CUBIC), 1)), scale)], {});
  const inner = b.mul(b.add(b.mul(square, 3 * CUBIC), 1), scale);
  return b.mul(b.add(b.add(t, 1), b.mul(b.mul(x, b.sub(1, b.mul(t, t))), inner)), 0.5);
}

/** With s = clip(x / 6 + 1/2, 0, 1): s, and x / 6 more where s is neither 0 nor 1. */
export const hardSwish: Vjp<"HardSwish"> = ({ b, x: [x], dy }) => {
  const s = b.min(b.max(b.add(b.mul(x!, 1 / 6), 0.5), 0), 1);
  const slope = b.where(b.greater(b.mul(s, b.sub(1, s)), 0), b.mul(x!, 1 / 6), 0);
  return [b.mul(dy, b.add(s, slope))];
};
