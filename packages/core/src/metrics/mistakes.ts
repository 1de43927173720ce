/** A picture that a classifier took for another class. */
export interface Mistake {
  /** Its position in the split. */
  readonly index: number;
  readonly truth: number;
  readonly predicted: number;
  /** The probability of the predicted class. */
  readonly confidence: number;
}

/** The mistakes of [count, classes] probabilities, the surest first, at most `most` of them. */
export function worstMistakes(
  probabilities: Float32Array,
  truth: Int32Array,
  classes: number,
  most: number,
): Mistake[] {
  const mistakes: Mistake[] = [];
  truth.forEach((label, index) => {
    const row = probabilities.subarray(index * classes, (index + 1) * classes);
    const confidence = Math.max(...row);
    const predicted = row.indexOf(confidence);
    if (predicted !== label) mistakes.push({ index, truth: label, predicted, confidence });
  });
  return mistakes.sort((a, b) => b.confidence - a.confidence).slice(0, most);
}
