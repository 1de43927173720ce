/** How often a classifier is right when it says how sure it is. */
export interface Calibration {
  /** Expected calibration error in [0, 1]: the mean distance of confidence and accuracy, weighted by pictures (Guo et al. 2017, formula 3). */
  readonly ece: number;
  readonly bins: readonly CalibrationBin[];
}

/** The pictures whose best class has a probability in (from, to]. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means over them, 0 without any. */
  readonly confidence: number;
  readonly accuracy: number;
}

/** The calibration of [count, classes] probabilities against class numbers, in bins of equal width. */
export function calibration(probabilities: Float32Array, truth: Int32Array, classes: number, bins = 10): Calibration {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, hits: 0 }));
  truth.forEach((label, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    const confidence = Math.max(...row);
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))]!;
    bin.count++;
    bin.confidence += confidence;
    bin.hits += row.indexOf(confidence) === label ? 1 : 0;
  });
  const distance = sums.reduce((sum, { confidence, hits }) => sum + Math.abs(confidence - hits), 0);
  return {
    ece: truth.length === 0 ? 0 : distance / truth.length,
    bins: sums.map(({ count, confidence, hits }, i) => ({
      from: i / bins,
      to: (i + 1) / bins,
      count,
      confidence: count === 0 ? 0 : confidence / count,
      accuracy: count === 0 ? 0 : hits / count,
    })),
  };
}
