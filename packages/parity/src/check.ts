import { ResonnxError, reasonOf, throwIfAborted } from "@resonnx/base";
import type { Tensors } from "@resonnx/runtime";
import type { Backend, BackendSession, Case } from "./backend.ts";
import { compare } from "./compare.ts";
import { type FirstDifference, firstDifference } from "./first-difference.ts";
import type { BackendReport, OutputReport, ParityResult } from "./result.ts";
import { sharedRows } from "./slice.ts";
import type { Tolerance } from "./tolerance.ts";
import { type Answered, workFor } from "./work.ts";

export interface ParityOptions {
  /** The bytes of an `.onnx` file. */
  readonly model: Uint8Array;
  readonly cases: readonly Case[];
  /** Whose answers count as right. */
  readonly reference: Backend;
  readonly backends: readonly Backend[];
  /** Runs the file's bytes: a backend that differs is then run once more beside it, to name the node where they part. */
  readonly nodeReference?: Backend;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ParityProgress) => void;
}

/** `done` of `total` runs on `backend` are finished. */
export interface ParityProgress {
  readonly backend: string;
  readonly done: number;
  readonly total: number;
}

/**
 * Runs the cases on every backend, one backend after the other, and compares each with the reference. A backend that
 * this machine lacks is skipped with its reason, one that fails `differs`; a reference that can't run throws.
 */
export async function checkParity(options: ParityOptions): Promise<ParityResult> {
  const { reference, backends, cases } = options;
  if (cases.length === 0) throw new ResonnxError("bad-input", { where: "parity", what: "no cases to compare" });
  const { answered, provider } = await answers(options);
  const reports: BackendReport[] = [];
  for (const backend of backends) reports.push(await judge(backend, answered, options));
  const ok = reports.every((report) => report.status !== "differs") && reports.some((report) => report.status === "ok");
  return { ok, reference: reference.name, referenceProvider: provider, backends: reports };
}

async function answers(options: ParityOptions): Promise<{ answered: Answered[]; provider: string | null }> {
  const { reference, cases } = options;
  return withSession(reference, options, async (session) => {
    const answered: Answered[] = [];
    for (const one of cases) {
      announce(options, reference, answered.length, cases.length);
      answered.push({ ...one, expected: await session.run(one.inputs) });
    }
    announce(options, reference, cases.length, cases.length);
    return { answered, provider: session.provider ?? null };
  });
}

async function judge(backend: Backend, cases: readonly Answered[], options: ParityOptions): Promise<BackendReport> {
  const outputs: OutputReport[] = [];
  const started = performance.now();
  let [comparing, rows] = [0, 0];
  let guilty: Answered | null = null;
  let provider: string | null = null;
  let failure: Pick<BackendReport, "status" | "reason"> | null = null;
  try {
    await withSession(backend, options, async (session) => {
      provider = session.provider ?? null;
      const work = workFor(cases, backend.limit);
      for (const [done, piece] of work.entries()) {
        announce(options, backend, done, work.length);
        const actual = await session.run(piece.inputs);
        const before = performance.now();
        const compared = compareOutputs(piece, actual, backend.tolerance);
        if (compared.some(({ comparison }) => !comparison.agree)) guilty ??= piece;
        outputs.push(...compared);
        rows += sharedRows(piece.inputs) ?? 1;
        comparing += performance.now() - before;
      }
      announce(options, backend, work.length, work.length);
    });
  } catch (error) {
    failure = failureOf(error);
  }
  const milliseconds = Math.round(performance.now() - started - comparing);
  const parting = guilty && (await partingNode(backend, guilty, options));
  const report = { name: backend.name, ...verdict(outputs), ...failure, provider, rows, milliseconds, outputs };
  return { ...report, firstDifference: parting };
}

/** Null also when the search itself fails, as on a device without room for every intermediate value. */
async function partingNode(
  backend: Backend,
  { inputs }: Answered,
  { model, reference, nodeReference, signal }: ParityOptions,
): Promise<FirstDifference | null> {
  if (!nodeReference || [reference.name, nodeReference.name].includes(backend.name)) return null;
  try {
    return await firstDifference({ model, inputs, reference: nodeReference, backend, ...(signal && { signal }) });
  } catch (error) {
    failureOf(error); // a stop and a bug of ours aren't the backend's
    return null;
  }
}

function compareOutputs({ name, expected }: Answered, actual: Tensors, tolerance: Tolerance): OutputReport[] {
  const [wanted, got] = [Object.keys(expected), Object.keys(actual)];
  if ([...wanted].sort().join("\n") !== [...got].sort().join("\n")) {
    const facts = { where: `case ${name}`, what: "other outputs than the reference's" };
    throw new ResonnxError("failed", { ...facts, got: got.join(", "), wanted: wanted.join(", ") });
  }
  return wanted.map((output) => {
    const reference = expected[output]!;
    const comparison = compare(reference, actual[output]!, tolerance);
    return { case: name, output, type: reference.type, shape: reference.dims, comparison };
  });
}

function verdict(
  outputs: readonly OutputReport[],
): Pick<BackendReport, "status" | "reason" | "maxAbs" | "argmaxAgree"> {
  if (outputs.length === 0)
    return { status: "differs", reason: "nothing was compared", maxAbs: null, argmaxAgree: null };
  const guilty = outputs.find(({ comparison }) => !comparison.agree);
  const differences = outputs.map(({ comparison }) => comparison.maxAbs);
  return {
    status: guilty === undefined ? "ok" : "differs",
    reason: guilty === undefined ? null : `${guilty.case}, output ${guilty.output}: ${guilty.comparison.reason}`,
    maxAbs: differences.reduce((most, one) => (most === null || one === null ? null : Math.max(most, one)), 0),
    argmaxAgree: outputs.every(({ comparison }) => comparison.argmaxAgree),
  };
}

/** A stop and a bug of ours end the whole check; anything else says something about this backend. */
function failureOf(error: unknown): Pick<BackendReport, "status" | "reason"> {
  const code = error instanceof ResonnxError ? error.code : null;
  if (code === "aborted" || code === "internal") throw error;
  return { status: code === "unavailable" ? "skipped" : "differs", reason: reasonOf(error) };
}

async function withSession<T>(
  backend: Backend,
  { model, signal }: ParityOptions,
  work: (session: BackendSession) => Promise<T>,
): Promise<T> {
  throwIfAborted(signal, `parity on ${backend.name}`);
  const session = await backend.open(model);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

function announce({ signal, onProgress }: ParityOptions, backend: Backend, done: number, total: number): void {
  throwIfAborted(signal, `parity on ${backend.name}`);
  onProgress?.({ backend: backend.name, done, total });
}
