#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { commands } from "./commands/index.ts";
import { exitCodeOf, messageOf } from "./exit-codes.ts";
import { runCli } from "./run-cli.ts";
import { streamIo } from "./terminal/io.ts";

/** The only place that writes to the terminal, reads the environment, hears signals and decides how the process ends. */
const io = streamIo(process.stdout, process.stderr);
const stop = new AbortController();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    io.err(
      stop.signal.aborted ? "still finishing the step in progress; please wait" : "stopping after the step in progress",
    );
    stop.abort();
  });
}
process.on("uncaughtException", (error) => {
  io.err(messageOf(error));
  process.exitCode = exitCodeOf(error);
});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error; // the reader of a pipe had enough: not an error
});
console.log = console.error; // libraries' chatter must not mix with the result

const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
const code = await runCli(process.argv.slice(2), {
  entries: commands,
  version,
  io,
  signal: stop.signal,
  folder: process.env.INIT_CWD ?? process.cwd(), // pnpm changes into the package's folder
});
process.exitCode ||= code; // an uncaught error has set its own
