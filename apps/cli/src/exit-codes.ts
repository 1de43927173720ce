import { type ErrorCode, ResonnxError } from "@resonnx/base";
import { CommanderError } from "commander";

/** The exit code of every kind of failure. */
export const exitCodes: { readonly [C in ErrorCode]: number } = {
  "bad-input": 2,
  "not-found": 2,
  unsupported: 1,
  unavailable: 1,
  failed: 1,
  aborted: 130,
  internal: 70,
};

/** What a command that ended by itself says. */
export const OUTCOMES = { done: 0, failed: 1 } as const;

/** The exit code of anything that was thrown. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ResonnxError) return exitCodes[error.code];
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes["bad-input"]; // 0: --help, --version
  return isAbort(error) ? exitCodes.aborted : exitCodes.internal;
}

/** What is told about it: one line, with the stack when it is our own bug; nothing after help. */
export function messageOf(error: unknown): string {
  const code = exitCodeOf(error);
  if (code === exitCodes.internal) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (error instanceof CommanderError) return code === 0 || error.code === "commander.help" ? "" : usageLine(error);
  return `error: ${error instanceof Error ? error.message : String(error)}`;
}

/** Node's own functions throw this when their signal fires. */
const isAbort = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";

/** commander puts its suggestion on a line of its own. */
const usageLine = ({ message }: CommanderError): string => `${message.replace(/\s*\n\s*/g, " ")}; see --help`;
