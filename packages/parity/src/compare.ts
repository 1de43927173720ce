import type { Tensor } from "@resonnx/runtime";
import { argmaxAgreement } from "./argmax.ts";
import { isExact, numbersOf } from "./elements.ts";
import type { Tolerance } from "./tolerance.ts";

/** How two tensors compare. */
export interface Comparison {
  readonly agree: boolean;
  /** Why they don't agree; null when they do. */
  readonly reason: string | null;
  /** max |reference - actual|; null when the tensors can't be compared (other shape or type, NaN, infinity). */
  readonly maxAbs: number | null;
  /** What `maxAbs` may be at most here. */
  readonly limit: number;
  /** Flat index of the largest difference, or of the first element that isn't finite; null when there is none. */
  readonly index: number | null;
  /** Whether every row along the last axis has its largest element at the same place, ties within `limit` aside. */
  readonly argmaxAgree: boolean;
  /** The first few elements, side by side. */
  readonly first: readonly ElementPair[];
}

export interface ElementPair {
  readonly reference: number;
  readonly actual: number;
}

const SHOWN = 5;

/** Compares one output with the reference's. NaN and infinity agree with nothing, themselves included. */
export function compare(reference: Tensor, actual: Tensor, tolerance: Tolerance): Comparison {
  const mismatch = declarationMismatch(reference, actual);
  if (mismatch !== null) return { ...INCOMPARABLE, reason: mismatch };
  const [wanted, got] = [numbersOf(reference), numbersOf(actual)];
  const first = Array.from(wanted.subarray(0, SHOWN), (value, i) => ({ reference: value, actual: got[i]! }));
  return {
    ...(isExact(reference.type) ? exactly(reference, actual) : closely(reference, wanted, got, tolerance)),
    first,
  };
}

const INCOMPARABLE = { agree: false, maxAbs: null, limit: 0, index: null, argmaxAgree: false, first: [] };

function declarationMismatch(reference: Tensor, actual: Tensor): string | null {
  if (reference.type !== actual.type) return `type ${actual.type}, the reference has ${reference.type}`;
  const [wanted, got] = [reference.dims.join(", "), actual.dims.join(", ")];
  return wanted === got ? null : `shape [${got}], the reference has [${wanted}]`;
}

/** Integers above 2^53 and strings are not exact as numbers, so equality is asked of the elements themselves. */
function exactly(reference: Tensor, actual: Tensor): Omit<Comparison, "first"> {
  let [index, maxAbs, unequal] = [0, 0, 0];
  for (let i = 0; i < reference.data.length; i++) {
    if (reference.data[i] === actual.data[i]) continue;
    const difference = Math.abs(Number(reference.data[i]) - Number(actual.data[i]));
    if (unequal++ === 0 || difference > maxAbs) [index, maxAbs] = [i, difference];
  }
  if (unequal === 0) return { agree: true, reason: null, maxAbs: 0, limit: 0, index: null, argmaxAgree: true };
  const reason = `element ${index} is ${actual.data[index]}, the reference has ${reference.data[index]}; ${unequal} differ and ${reference.type} must be equal`;
  return { ...INCOMPARABLE, reason, index, maxAbs: Number.isFinite(maxAbs) ? maxAbs : null };
}

function closely(
  tensor: Tensor,
  wanted: Float64Array,
  got: Float64Array,
  tolerance: Tolerance,
): Omit<Comparison, "first"> {
  let [index, maxAbs, magnitude] = [0, 0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(wanted[i]! - got[i]!);
    if (!Number.isFinite(difference)) {
      return {
        ...INCOMPARABLE,
        index: i,
        reason: `element ${i} is ${got[i]}, the reference has ${wanted[i]}: not finite`,
      };
    }
    if (difference > maxAbs) [index, maxAbs] = [i, difference];
    magnitude = Math.max(magnitude, Math.abs(wanted[i]!));
  }
  const limit = tolerance.maxAbs * Math.max(1, magnitude);
  const argmaxAgree = argmaxAgreement(wanted, got, tensor.dims, limit);
  const reason =
    maxAbs > limit
      ? `element ${index} is ${got[index]}, the reference has ${wanted[index]}: ${maxAbs.toExponential(2)} apart, at most ${limit.toExponential(2)} allowed`
      : argmaxAgree
        ? null
        : "the largest element of a row is at another place";
  return { agree: reason === null, reason, maxAbs, limit, index: maxAbs > 0 ? index : null, argmaxAgree };
}
