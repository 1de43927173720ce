import type { Arithmetic, Ranked } from "../optimizers/arithmetic.ts";

/** Every number kept within ±limit. */
export const clippedByValue = <T extends Ranked>(math: Arithmetic<T>, gradients: readonly T[], limit: number): T[] =>
  gradients.map((gradient) => math.min(math.max(gradient, -limit), limit));

/** All scaled by limit / max(norm, limit), where norm is the L2 norm of all of them together (Pascanu et al. 2013). */
export function clippedByNorm<T extends Ranked>(math: Arithmetic<T>, gradients: readonly T[], limit: number): T[] {
  const squares = gradients.map((gradient) => math.total(math.mul(gradient, gradient)));
  const norm = math.sqrt(squares.reduce((sum, square) => math.add(sum, square)));
  const scale = math.div(limit, math.max(norm, limit));
  return gradients.map((gradient) => math.mul(gradient, scale));
}
