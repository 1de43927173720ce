import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ResonnxError } from "@resonnx/base";
import { modelName } from "../model/source.ts";

export interface Target {
  /** As it was typed, and so is the output where it begins with something typed. */
  readonly input: string;
  readonly output: string;
}

export interface Destination {
  readonly out: string | undefined;
  readonly outDir: string | undefined;
}

/**
 * Where each input's file goes: `--out`, else a file in `--out-dir` or beside the input, called after the folder for
 * model.json and run folders and after the file otherwise. Throws `bad-input` when the options contradict each other, or a file
 * would take its source's place.
 */
export async function exportTargets(
  inputs: readonly string[],
  { out, outDir }: Destination,
  at: (path: string) => string,
): Promise<Target[]> {
  if (out !== undefined && outDir !== undefined)
    throw new ResonnxError("bad-input", { where: "--out", what: "can't be used together with --out-dir" });
  if (out !== undefined && inputs.length > 1) {
    const got = `${inputs.length} inputs`;
    throw new ResonnxError("bad-input", {
      where: "--out",
      what: "one file for several models",
      got,
      hint: "use --out-dir",
    });
  }
  const targets = await Promise.all(
    inputs.map(async (input) => ({ input, output: out ?? (await fileFor(input, outDir, at(input))) })),
  );
  const own = targets.find(({ input, output }) => at(input) === at(output));
  if (own) throw new ResonnxError("bad-input", { where: own.output, what: "an export would replace its own source" });
  return targets;
}

async function fileFor(input: string, outDir: string | undefined, absolute: string): Promise<string> {
  const name = (await isFolder(absolute)) ? basename(absolute) : modelName(absolute);
  return join(outDir ?? dirname(input), `${name}.onnx`);
}

/** A path with nothing there is reported when it is read. */
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
