import type { MeanRows } from "../forms/batch-norm.ts";

/** The divisor of m nearest to its root from below: as many parts as each has rows. */
function partsOf(m: number): number {
  let parts = Math.floor(Math.sqrt(m));
  while (m % parts !== 0) parts--;
  return parts;
}

/**
 * The mean over rows in two steps. In one product [1,m]·[m,channels] each of a few dozen results would be one thread's
 * loop over all rows, while the rest of the GPU waits.
 */
export const meanInTwoSteps: MeanRows = (b, matrix, m) => {
  const channels = matrix.shape[1] as number;
  const parts = partsOf(m);
  const rows = m / parts;
  const partial = b.matmul(b.filled([1, 1, rows], 1 / rows), b.reshape(matrix, [parts, rows, channels]));
  return b.matmul(b.filled([1, parts], 1 / parts), b.reshape(partial, [parts, channels]));
};
