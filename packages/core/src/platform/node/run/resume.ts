import { ResonnxError } from "@resonnx/base";
import { optimizerOfRun, type RunConfig } from "./options.ts";
import { RunFolder } from "./run-folder.ts";

/** The run in a folder; undefined when it was stopped before it had written anything, so that it begins again. */
export async function resumedRun(out: string | undefined, given: Partial<RunConfig>): Promise<OpenRun | undefined> {
  if (!out)
    throw new ResonnxError("bad-input", { where: "--resume", what: "which run?", hint: "name its folder with --out" });
  const run = await RunFolder.open(out);
  try {
    if (run) checkAgreement(given, run.config);
    return run;
  } catch (error) {
    await run?.folder.close();
    throw error;
  }
}

type OpenRun = NonNullable<Awaited<ReturnType<typeof RunFolder.open>>>;

/** Throws `bad-input` when an option differs from what the run began with. */
export function checkAgreement(given: Partial<RunConfig>, before: RunConfig): void {
  const { optimizer } = given;
  const settled = { ...given, ...(optimizer && { optimizer: optimizerOfRun(optimizer, before.recipe) }) };
  for (const [key, value] of Object.entries(settled)) checkSame(key, value, before[key as keyof RunConfig]);
}

/** Throws `bad-input` when the value of an option differs from the one before. */
export function checkSame(option: string, value: unknown, before: unknown): void {
  const [got, wanted] = [shown(value), shown(before)];
  if (got === wanted) return;
  throw new ResonnxError("bad-input", {
    where: `--${option}`,
    what: "the run began with another value",
    got,
    wanted,
    hint: "leave it out to go on, or start a new run",
  });
}

/** The same text for the same value; fields that aren't there don't count. */
const shown = (value: unknown): string =>
  typeof value === "object"
    ? JSON.stringify(value, (_key, each) =>
        typeof each === "object" && each !== null && !Array.isArray(each)
          ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
          : each,
      )
    : `${value}`;
