import { ResonnxError, reasonOf } from "@resonnx/base";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { choice, flag, integer, optional, text } from "../command/option.ts";
import { exitCodeOf, exitCodes, messageOf } from "../exit-codes.ts";
import { exportOne } from "../export/export-one.ts";
import { exportTargets } from "../export/targets.ts";
import { table } from "../terminal/table.ts";

/** What `--json` prints, one an input; `error` is null when it was written, the numbers are null when not; a Keras file has only `ms`. */
interface ExportRow {
  readonly input: string;
  readonly output: string | null;
  readonly ok: boolean;
  readonly error: string | null;
  readonly nodes: number | null;
  readonly opset: number | null;
  readonly ms: number | null;
}

export const exportCommand = command({
  arguments: [{ name: "in", about: "tfjs model.json files, Keras .h5 files or run folders", many: true }],
  options: {
    out: text("file", "the .onnx file, for one input; a .keras or .h5 becomes a Keras file"),
    outDir: text("folder", "where the files go (default: each beside its input)"),
    opset: integer(17, "ONNX operator set", { least: 13, most: 23 }),
    layout: optional(
      choice("nhwc", ["nhwc", "nchw"], "how pictures lie in inputs and outputs; the source's own without"),
    ),
    precision: choice("fp32", ["fp32", "fp16", "int8"], "element type of the weights; fp16 computes in it too"),
    optimize: flag("write every layer as it stands", { fallback: true }),
    verify: flag("compare each file on onnxruntime with its source on tfjs"),
    report: flag("write beside each file what is in it: operators, passes, where each layer went (.md and .json)"),
    json,
  },
  examples: [
    "export doodlenet/model.json",
    "export models/*.h5 --out-dir onnx --verify --json",
    "export runs/mine --out mine.keras",
  ],
  async run({ args, options, io, signal, at }) {
    const { out, outDir, opset, layout, precision, optimize, verify, report } = options;
    const rows: ExportRow[] = [];
    for (const { input, output } of await exportTargets(args, { out, outDir }, at)) {
      const onProgress = (stage: string, share?: number): void =>
        io.status(`${input}: ${stage}${share === undefined ? "" : ` ${Math.round(100 * share)} %`}`);
      const written = rows.filter((row) => row.ok).map((row) => at(row.output ?? ""));
      try {
        if (written.includes(at(output))) throw taken(output);
        const target = { opset, layout, precision, optimize };
        const job = { input: at(input), output: at(output), target, verify, report, signal, onProgress };
        const { nodes, ms, difference, note } = await exportOne(job);
        if (note !== undefined) io.err(note);
        if (difference !== undefined) io.err(`${input}: largest difference from tfjs ${difference.toExponential(1)}`);
        rows.push({
          input,
          output,
          ok: true,
          error: null,
          nodes,
          opset: nodes === null ? null : opset,
          ms: Math.round(ms),
        });
      } catch (error) {
        if (exitCodeOf(error) === exitCodes.aborted) throw error;
        io.err(messageOf(error));
        rows.push({ input, output: null, ok: false, error: reasonOf(error), nodes: null, opset: null, ms: null });
      }
    }
    io.out(result(options.json, rows, () => exportTable(rows)));
    return rows.every(({ ok }) => ok) ? "done" : "failed";
  },
});

function taken(output: string): ResonnxError {
  const hint = "export it on its own with --out";
  return new ResonnxError("bad-input", { where: output, what: "another input of this command has that name", hint });
}

const exportTable = (rows: readonly ExportRow[]): string =>
  table(
    ["Input", "Output", "Nodes", "ms"],
    rows.map(({ input, output, nodes, ms }) => [input, output ?? "failed", String(nodes ?? ""), String(ms ?? "")]),
  );
