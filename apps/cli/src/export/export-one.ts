import type { ExportReport, ExportStage } from "@resonnx/export";
import { modelFile, runMetadata } from "../model/model-file.ts";
import { readSource } from "../model/source.ts";
import { verifyExport } from "./verify.ts";

export interface ExportJob {
  /** Absolute, as is the output. */
  readonly input: string;
  readonly output: string;
  readonly opset: number;
  readonly optimize: boolean;
  readonly verify: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: ExportStage | "verify" | "write") => void;
}

/** Exports one model; the file appears once it is whole and, where asked for, verified. Throws what went wrong. */
export async function exportOne(job: ExportJob): Promise<ExportReport> {
  const { input, output, opset, optimize, verify, signal, onProgress } = job;
  const { exportModel } = await import("@resonnx/export");
  const { writeAtomic } = await import("@resonnx/export");
  onProgress("read");
  const file = await modelFile(input, "source");
  const { artifacts, source } = await readSource(file);
  const metadata = { source, ...(await runMetadata(input)) };
  const { bytes, report } = await exportModel(artifacts, {
    opset,
    optimize,
    metadata,
    where: file,
    signal,
    onProgress,
  });
  if (verify) {
    onProgress("verify");
    await verifyExport(bytes, artifacts, { where: file, signal });
  }
  onProgress("write");
  await writeAtomic(output, bytes);
  return report;
}
