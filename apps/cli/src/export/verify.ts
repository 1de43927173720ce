import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import { randomCase } from "../model/random-case.ts";

/** Compares exported bytes on onnxruntime with their source on tfjs, on seeded inputs. Throws `failed` when they disagree. */
export async function verifyExport(
  model: Uint8Array,
  artifacts: io.ModelArtifacts,
  { where, signal }: { where: string; signal: AbortSignal },
): Promise<void> {
  const { describe } = await import("@resonnx/onnx");
  const { checkParity } = await import("@resonnx/parity");
  const { backends } = await import("../backends/index.ts");
  const { ok, backends: reports } = await checkParity({
    model,
    cases: [await randomCase(describe(model, where).inputs)],
    reference: backends.tfjs({ loadArtifacts: async () => artifacts }),
    backends: [backends["ort-node-cpu"]({})],
    signal,
  });
  if (ok) return;
  const reason = reports.map((report) => report.reason).join("; ");
  throw new ResonnxError("failed", {
    where,
    what: `onnxruntime disagrees with tfjs: ${reason}`,
    hint: "the file was not written",
  });
}
