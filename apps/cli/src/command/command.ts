import type { Io } from "../terminal/io.ts";
import type { Options, Values } from "./option.ts";

/** What stands behind a command's name; `many` takes all that follow. */
export interface Argument {
  readonly name: string;
  readonly about: string;
  readonly many?: true;
}

export interface Context<O extends Options = Options> {
  /** All arguments in order, as typed. */
  readonly args: readonly string[];
  readonly options: Values<O>;
  readonly io: Io;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** The absolute form of a path that the user typed. */
  readonly at: (path: string) => string;
}

/** `failed`: the job ran to its end, printed what it found, and that isn't good. */
export type Outcome = "done" | "failed";

/** A command as plain data. */
export interface Command<O extends Options = Options> {
  readonly arguments: readonly Argument[];
  readonly options: O;
  /** Command lines without `resonnx`, for the help. */
  readonly examples: readonly string[];
  run(context: Context<O>): Promise<Outcome>;
}

/** Checks a command against its own options. */
export const command = <const O extends Options>(definition: Command<O>): Command<O> => definition;

/** A command's name and summary, and how to load the rest once it is asked for. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}
