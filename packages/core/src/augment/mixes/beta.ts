import type { Random } from "../../random/random.ts";

/**
 * A draw from Beta(alpha, alpha) out of two uniform numbers: 1/2 + t / (2 sqrt(2 alpha + t^2)) for Student's t with
 * 2 alpha degrees of freedom, t = sqrt(2 alpha (u^(-1/alpha) - 1)) cos(2 pi v) (Bailey 1994).
 */
export function symmetricBeta(alpha: number, random: Random): number {
  const radius = random() ** (-1 / alpha) - 1; // infinite for a small alpha, which the next lines allow
  const cosine = Math.cos(2 * Math.PI * random());
  return 0.5 + cosine / Math.sqrt(1 / radius + cosine * cosine) / 2;
}
