import { Command as Commander, Option as CommanderOption } from "commander";
import type { Io } from "../terminal/io.ts";
import type { Command, CommandEntry, Context } from "./command.ts";
import { help } from "./help.ts";
import { dashed, type Option } from "./option.ts";

export interface ProgramOptions {
  readonly version: string;
  readonly entries: readonly CommandEntry[];
  readonly io: Io;
  /** Called with what was typed, once it is checked. */
  readonly onRun: (command: Command, typed: Pick<Context, "args" | "options">) => Promise<void>;
}

/** The commander program for one command line; only a command named there is loaded. */
export async function buildProgram(argv: readonly string[], options: ProgramOptions): Promise<Commander> {
  const { version, entries, io, onRun } = options;
  const program = new Commander("resonnx")
    .description("Train image classifiers, turn them into ONNX, run them everywhere, prove that every backend agrees.")
    .version(version)
    .exitOverride()
    .configureHelp(help)
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
      outputError: () => undefined, // the error is thrown as well, and reported where all are
    });
  const named = argv.slice(0, 2); // `train`, or `help train`
  for (const { name, summary, load } of entries) {
    const child = program.command(name).description(summary);
    if (named.includes(name)) attach(child, await load(), onRun);
  }
  return program;
}

function attach(child: Commander, command: Command, onRun: ProgramOptions["onRun"]): void {
  for (const { name: argument, about, many } of command.arguments) {
    child.argument(many ? `<${argument}...>` : `<${argument}>`, about);
  }
  for (const [key, option] of Object.entries(command.options)) child.addOption(toCommander(key, option));
  child.addHelpText("after", `\nExamples:\n${command.examples.map((line) => `  resonnx ${line}`).join("\n")}`);
  const fallbacks = Object.entries(command.options).map(([key, { fallback }]) => [key, fallback]);
  child.action(() =>
    onRun(command, { args: child.args, options: { ...Object.fromEntries(fallbacks), ...child.opts() } }),
  );
}

function toCommander(key: string, option: Option<unknown>): CommanderOption {
  const { value, about, required, fallback, parse } = option;
  const name = dashed(key);
  const flags = value === undefined ? `--${fallback === true ? "no-" : ""}${name}` : `--${name} <${value}>`;
  const made = new CommanderOption(flags, about).makeOptionMandatory(required ?? false);
  if (value === undefined) return made; // the help of a flag needs no default
  made.default(fallback);
  return made.argParser((text, previous: unknown) => parse(text, `--${name}`, previous));
}
