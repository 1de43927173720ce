import { ResonnxError } from "@resonnx/base";

/** Enough halvings of an interval for every digit of a number. */
const HALVINGS = 200;

/** What several runs have in common. */
export interface Spread {
  readonly values: readonly number[];
  readonly mean: number;
  /** Sample standard deviation; 0 for one value. */
  readonly deviation: number;
  /** In which the true mean lies with a probability of 95 % (Student's t); undefined for one value. */
  readonly interval: readonly [number, number] | undefined;
}

/** Mean and 95 % interval of independent runs. Throws `bad-input` for none. */
export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  if (count === 0) throw new ResonnxError("bad-input", { where: "spread", what: "no values", got: "0", wanted: "1" });
  const mean = values.reduce((a, b) => a + b, 0) / count;
  if (count === 1) return { values, mean, deviation: 0, interval: undefined };
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  const half = (studentT(0.95, count - 1) * deviation) / Math.sqrt(count);
  return { values, mean, deviation, interval: [mean - half, mean + half] };
}

/** The t with P(|T| < t) = `probability` at `freedom` degrees of freedom. */
export function studentT(probability: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (within(high, freedom) < probability) high *= 2;
  for (let i = 0; i < HALVINGS && low < high; i++) {
    const middle = (low + high) / 2;
    if (within(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return high;
}

/** P(|T| < t) for whole degrees of freedom: Abramowitz and Stegun 26.7.3 and 26.7.4. */
function within(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = freedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine ** 2;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
