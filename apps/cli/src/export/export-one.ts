import { basename, dirname, join } from "node:path";
import { ResonnxError } from "@resonnx/base";
import type { ExportOptions, ExportReport, ExportStage } from "@resonnx/export";
import { modelFile, runMetadata } from "../model/model-file.ts";
import { readSource } from "../model/source.ts";
import { exportKeras, isKerasFile } from "./export-keras.ts";
import { compareWithSource } from "./verify.ts";

export interface ExportJob {
  /** Absolute, as is the output. */
  readonly input: string;
  readonly output: string;
  readonly target: Pick<ExportOptions, "opset" | "layout" | "precision" | "optimize">;
  readonly verify: boolean;
  /** Whether `output.md` and `output.json` say what is in the file. */
  readonly report: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: ExportStage | "verify" | "write", share?: number) => void;
}

export interface ExportResult {
  /** Null for files that aren't ONNX. */
  readonly nodes: number | null;
  readonly ms: number;
  /** The largest difference from the source, where it was looked for. */
  readonly difference?: number;
  /** What was left out, and why. */
  readonly note?: string;
}

/** Exports one model; the file appears once it is whole and, where asked for, verified. Throws what went wrong. */
export async function exportOne(job: ExportJob): Promise<ExportResult> {
  if (isKerasFile(job.output)) return exportKeras(job);
  const { input, output, target, verify, signal, onProgress } = job;
  const { exportModel, writeAtomic } = await import("@resonnx/export");
  onProgress("read");
  const file = await modelFile(input, "source");
  const { artifacts, source } = await readSource(file);
  const metadata = { source, ...(await runMetadata(input)) };
  const externalData = { location: `${basename(output)}.data` };
  const options = { ...target, metadata, externalData, where: file, signal, onProgress };
  const { bytes, data, report } = await exportModel(artifacts, options);
  const result = { nodes: report.nodes, ms: report.ms };
  if (verify && data)
    throw new ResonnxError("unsupported", { where: file, what: "verifying a model of more than 2 GB" });
  if (verify) onProgress("verify");
  const difference = verify ? await compareWithSource(bytes, report, artifacts, { where: file, signal }) : undefined;
  onProgress("write");
  if (data) await writeAtomic(join(dirname(output), externalData.location), data);
  await writeAtomic(output, bytes);
  if (job.report) await writeReports(output, report);
  return difference === undefined ? result : { ...result, difference };
}

async function writeReports(output: string, report: ExportReport): Promise<void> {
  const { markdownReport, writeAtomic } = await import("@resonnx/export");
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  await writeAtomic(`${output}.md`, encode(markdownReport(report)));
  await writeAtomic(`${output}.json`, encode(`${JSON.stringify(report, null, 2)}\n`));
}
