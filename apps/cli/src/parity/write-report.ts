import type { ParityResult } from "@resonnx/parity";
import type { Io } from "../terminal/io.ts";

/** Writes the HTML report of a parity check. Throws `failed`. */
export async function writeParityReport(file: string, result: ParityResult, model: string, io: Io): Promise<void> {
  const { htmlReport } = await import("@resonnx/parity");
  const { writeAtomic } = await import("@resonnx/export");
  await writeAtomic(file, htmlReport(result, `Parity of ${model}`));
  io.err(`report: ${file}`);
}
