import { type ErrorCode, type ErrorFacts, ResonnxError, reasonOf } from "./error.ts";

/** An error as plain data, which can be posted between threads and processes. */
export interface WireError {
  readonly code: ErrorCode;
  readonly facts: Omit<ErrorFacts, "cause">;
}

/** Any error as plain data; one that isn't ours is `failed` at `where`. */
export function toWireError(error: unknown, where: string): WireError {
  if (!(error instanceof ResonnxError)) return { code: "failed", facts: { where, what: reasonOf(error).trim() } };
  const { cause: _, ...facts } = error.facts;
  return { code: error.code, facts };
}

export const fromWireError = ({ code, facts }: WireError): ResonnxError => new ResonnxError(code, facts);
