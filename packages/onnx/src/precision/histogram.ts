import type { Range } from "./quantize.ts";

const BINS = 4096;

/** No bin is narrower than this share of the largest number: float32 has no finer ones. */
const FINEST = 2 ** -24;

/**
 * How often which numbers occur. Bins lie on multiples of a power of two, so that wider ones are sums of narrower ones: the
 * range grows with what is added, and the order in which it is added changes nothing.
 */
export class Histogram {
  private counts = new Float64Array(BINS);
  private total = 0;
  private extremes: Range = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  private width = 0;
  /** The first bin holds the numbers from `first * width` on. */
  private first = 0;

  /** Takes finite numbers, whose least and largest are `range`. */
  add(data: Float32Array, range: Range): void {
    this.widenTo({ min: Math.min(this.extremes.min, range.min), max: Math.max(this.extremes.max, range.max) });
    const { counts, width, first } = this;
    for (const value of data) counts[Math.floor(value / width) - first]!++;
    this.total += data.length;
  }

  /** Where the middle `percentile` of 100 numbers lie, to a bin: as many are left out at the one end as at the other. */
  middle(percentile: number): Range {
    const spare = (this.total * (100 - percentile)) / 200;
    const { min, max } = this.extremes;
    const low = this.first + binsUpTo(spare, this.counts);
    const high = this.first + BINS - binsUpTo(spare, this.counts.toReversed());
    return { min: Math.max(min, low * this.width), max: Math.min(max, high * this.width) };
  }

  private widenTo(extremes: Range): void {
    const width = Math.max(this.width, narrowest(extremes));
    const first = Math.floor(extremes.min / width);
    const counts = new Float64Array(BINS);
    for (const [i, count] of this.counts.entries())
      if (count > 0) counts[Math.floor(((this.first + i) * this.width) / width) - first]! += count;
    this.counts = counts;
    this.width = width;
    this.first = first;
    this.extremes = extremes;
  }
}

/** The narrowest width of which BINS bins hold a range. */
function narrowest({ min, max }: Range): number {
  const least = Math.max((max - min) / BINS, Math.max(-min, max) * FINEST, Number.MIN_VALUE / FINEST);
  const width = 2 ** Math.ceil(Math.log2(least));
  return Math.floor(max / width) - Math.floor(min / width) < BINS ? width : 2 * width;
}

/** How many bins hold no more than `spare` numbers together. */
function binsUpTo(spare: number, counts: Float64Array): number {
  let sum = 0;
  return counts.findIndex((count) => {
    sum += count;
    return sum > spare;
  });
}
