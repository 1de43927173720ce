import { commands } from "../commands/index.ts";
import { runCli } from "../run-cli.ts";

export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, as main.ts does, and says what it would have printed. */
export async function resonnx(
  argv: readonly string[],
  { folder = process.cwd(), signal = new AbortController().signal, onErr = (_text: string) => {} } = {},
): Promise<Finished> {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    interactive: false,
    out: (text: string) => void out.push(text),
    err: (text: string) => {
      err.push(text);
      onErr(text);
    },
    status: () => undefined,
  };
  const code = await runCli(argv, { entries: commands, version: "1.2.3", io, signal, folder });
  return { code, out: out.join("\n"), err: err.join("\n") };
}
