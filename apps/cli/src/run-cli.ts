import { resolve } from "node:path";
import type { CommandEntry } from "./command/command.ts";
import { buildProgram } from "./command/program.ts";
import { exitCodeOf, messageOf, OUTCOMES } from "./exit-codes.ts";
import type { Io } from "./terminal/io.ts";

export interface Surroundings {
  readonly entries: readonly CommandEntry[];
  readonly version: string;
  readonly io: Io;
  readonly signal: AbortSignal;
  /** The folder that the user's paths start from. */
  readonly folder: string;
}

/** Runs one command line; the process' exit code. Never throws: whatever goes wrong is said on stderr. */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { io, signal, folder, version, entries } = surroundings;
  let code: number = OUTCOMES.done;
  try {
    const program = await buildProgram(argv, {
      version,
      entries,
      io,
      onRun: async (command, typed) => {
        code = OUTCOMES[await command.run({ ...typed, io, signal, at: (path) => resolve(folder, path) })];
      },
    });
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    const message = messageOf(error);
    if (message !== "") io.err(message);
    return exitCodeOf(error);
  } finally {
    io.status("");
  }
}
