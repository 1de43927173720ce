import type { RunTensor } from "../options.ts";

export interface OutputDifference {
  readonly output: string;
  /** Largest absolute difference; null where the outputs can't be compared. */
  readonly maxAbs: number | null;
  /** Largest difference as a share of what is tolerated there: above 1 is a failure. */
  readonly worst: number | null;
  /** What is wrong beyond numbers: a missing output, another shape, NaN on one side. */
  readonly problem?: string;
}

export interface Tolerance {
  /** Default 1e-3. */
  readonly rtol?: number | undefined;
  /** Default 1e-5. */
  readonly atol?: number | undefined;
}

const failed = (output: string, problem: string): OutputDifference => ({ output, maxAbs: null, worst: null, problem });

/** |got - wanted| against atol + rtol * |wanted|, element by element. NaN equals NaN, infinities themselves. */
export function compareOutput(
  output: string,
  got: RunTensor | undefined,
  wanted: RunTensor | undefined,
  { rtol = 1e-3, atol = 1e-5 }: Tolerance = {},
): OutputDifference {
  if (!got || !wanted) return failed(output, `${got ? "the source" : "the exported model"} does not give it`);
  if (`${got.dims}` !== `${wanted.dims}`) return failed(output, `shape [${got.dims}], wanted [${wanted.dims}]`);
  const [a, b] = [got.data as ArrayLike<number | bigint>, wanted.data as ArrayLike<number | bigint>];
  if (a.length !== b.length) return failed(output, `${a.length} elements, wanted ${b.length}`);
  let [maxAbs, worst] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [Number(a[i]), Number(b[i])];
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    const difference = Math.abs(x - y);
    if (!Number.isFinite(difference)) return failed(output, `element ${i} is ${x}, wanted ${y}`);
    maxAbs = Math.max(maxAbs, difference);
    worst = Math.max(worst, difference / (atol + rtol * Math.abs(y)));
  }
  return { output, maxAbs, worst };
}
