import type { Comparison } from "./compare.ts";
import type { FirstDifference } from "./first-difference.ts";

/** `differs` covers a backend that is there and fails: it gave no answer that agrees. */
export type ParityStatus = "ok" | "differs" | "skipped";

/** One output of one case (or of some rows of it) on one backend. */
export interface OutputReport {
  readonly case: string;
  readonly output: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly comparison: Comparison;
}

export interface BackendReport {
  readonly name: string;
  readonly status: ParityStatus;
  /** Why it differs or was skipped; null when it agrees. */
  readonly reason: string | null;
  /** The largest difference over all outputs; null when nothing could be compared. */
  readonly maxAbs: number | null;
  /** Whether every row's largest element is the reference's; null when nothing was compared. */
  readonly argmaxAgree: boolean | null;
  /** What really ran; null when the backend doesn't say. */
  readonly provider: string | null;
  /** How many rows (pictures) were compared. */
  readonly rows: number;
  /** Wall time of opening and running, without the comparison. */
  readonly milliseconds: number;
  readonly outputs: readonly OutputReport[];
  /** Of a backend that differs: where it parts from `nodeReference`; null when that isn't known. */
  readonly firstDifference: FirstDifference | null;
}

export interface ParityResult {
  /** Every backend that ran agrees, and at least one ran. */
  readonly ok: boolean;
  readonly reference: string;
  readonly referenceProvider: string | null;
  readonly backends: readonly BackendReport[];
}

/** What `resonnx parity --json` prints. */
export interface ParitySummary {
  readonly ok: boolean;
  readonly reference: string;
  readonly backends: readonly (Pick<BackendReport, "name" | "status" | "reason" | "maxAbs" | "argmaxAgree"> & {
    /** Only of backends that differ, where it is known. */
    readonly firstDifference?: Pick<
      FirstDifference,
      "reference" | "node" | "op" | "output" | "position" | "nodes" | "text"
    >;
  })[];
}

/** The result without its details. */
export function summarize({ ok, reference, backends }: ParityResult): ParitySummary {
  const rows = backends.map(({ name, status, reason, maxAbs, argmaxAgree, firstDifference }) => ({
    name,
    status,
    reason,
    maxAbs,
    argmaxAgree,
    ...(firstDifference && { firstDifference: withoutComparison(firstDifference) }),
  }));
  return { ok, reference, backends: rows };
}

function withoutComparison({ comparison: _, ...place }: FirstDifference): Omit<FirstDifference, "comparison"> {
  return place;
}
