import { ResonnxError } from "@resonnx/base";
import type { RunSummary } from "@resonnx/core";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { compareText, listText } from "../terminal/runs-text.ts";

const HELP = "list folders, or compare two run folders";

export const runs = command({
  arguments: [
    { name: "action", about: "list or compare" },
    { name: "folder", about: HELP, many: true },
  ],
  options: { json },
  examples: ["runs list runs", "runs compare runs/a runs/b --json"],
  async run({ args: [action = "", ...folders], options, io, at }) {
    const { compareConfigs, listRuns, readRun } = await import("@resonnx/core");
    if (action === "list") {
      const found: RunSummary[] = [];
      for (const folder of folders) found.push(...(await listRuns(at(folder), ({ message }) => io.err(message))));
      io.out(result(options.json, found, () => listText(found)));
      return "done";
    }
    if (action !== "compare") throw refuse("action", action, "list or compare");
    const [first, second, ...more] = folders;
    if (!first || !second || more.length > 0) throw refuse("runs compare", `${folders.length} folders`, "two");
    const [a, b] = [await readRun(at(first)), await readRun(at(second))];
    const differences = compareConfigs(a, b);
    io.out(result(options.json, { a, b, differences }, () => compareText(a, b, differences)));
    return "done";
  },
});

const refuse = (where: string, got: string, wanted: string): ResonnxError =>
  new ResonnxError("bad-input", { where, what: "not usable", got, wanted });
