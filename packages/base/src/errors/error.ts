/**
 * What kind of failure it is. Closed, so that the CLI's exit codes and the server's HTTP statuses are total tables.
 *
 * - `bad-input`: a file, picture, option or request that can't be used as given
 * - `not-found`: a named thing (file, model, label) that isn't there
 * - `unsupported`: understood, but outside what the software can do
 * - `unavailable`: needs something that this machine or build doesn't have (a GPU, an optional package)
 * - `failed`: the job ran and went wrong (the loss became NaN, a backend disagreed)
 * - `aborted`: stopped by an AbortSignal or Ctrl-C
 * - `internal`: our own bug
 */
export type ErrorCode = "bad-input" | "not-found" | "unsupported" | "unavailable" | "failed" | "aborted" | "internal";

/** The five parts of a message, and the error underneath where there is one. */
export interface ErrorFacts {
  /** The file, option, layer or node. */
  readonly where: string;
  /** What is wrong, as a clause without a full stop. */
  readonly what: string;
  readonly got?: string;
  readonly wanted?: string;
  /** What to do about it, as a clause without a full stop. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Every error that Resonnx throws on purpose. `message` is one line: where, what, got, wanted, hint. */
export class ResonnxError extends Error {
  override readonly name = "ResonnxError";
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, facts: ErrorFacts) {
    super(oneLine(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }
}

function oneLine({ where, what, got, wanted, hint }: ErrorFacts): string {
  const comparison = [got && `got ${got}`, wanted && `wanted ${wanted}`].filter(Boolean).join(", ");
  const text = `${where}: ${what}${comparison ? ` (${comparison})` : ""}${hint ? `; ${hint}` : ""}`;
  return text.replace(/\s*\n\s*/g, " ").replace(/\p{Cc}/gu, "\u{fffd}"); // quoted input must not drive the terminal
}

/** The text of anything that was thrown, for use as a part of a message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Throws `aborted` once the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined, where: string): void {
  if (signal?.aborted)
    throw new ResonnxError("aborted", { where, what: "stopped before it was done", cause: signal.reason });
}
