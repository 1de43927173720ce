/**
 * Whether every row along the last axis has its largest element at the same place. Rows of the reference whose two
 * candidates differ by at most `tie` can't be ordered at this tolerance (two dead ReLUs, say) and count as agreeing.
 */
export function argmaxAgreement(
  reference: Float64Array,
  actual: Float64Array,
  dims: readonly number[],
  tie: number,
): boolean {
  const width = dims.at(-1) ?? 1;
  if (width < 2) return true;
  for (let start = 0; start < reference.length; start += width) {
    const wanted = argmax(reference, start, width);
    const got = argmax(actual, start, width);
    if (reference[wanted]! - reference[got]! > tie) return false;
  }
  return true;
}

function argmax(values: Float64Array, start: number, width: number): number {
  let best = start;
  for (let i = start + 1; i < start + width; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
