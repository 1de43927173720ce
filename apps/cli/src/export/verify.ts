import { ResonnxError } from "@resonnx/base";
import type { ExportReport, Precision, RunInputs, RunTensors } from "@resonnx/export";
import type { BackendSession } from "@resonnx/parity";
import { Tensor } from "@resonnx/runtime";
import type { io } from "@tensorflow/tfjs";

/** How far a file may be from its source; coarser where its numbers are. */
const TOLERANCES: { readonly [P in Precision]: { readonly rtol: number; readonly atol: number } } = {
  fp32: { rtol: 1e-3, atol: 1e-5 },
  fp16: { rtol: 1e-2, atol: 1e-2 },
  int8: { rtol: 0.1, atol: 0.1 },
};

/**
 * Compares exported bytes on onnxruntime with their source on tfjs, on seeded inputs; gives the largest difference. Throws
 * `failed` when they disagree.
 */
export async function compareWithSource(
  model: Uint8Array,
  report: ExportReport,
  artifacts: io.ModelArtifacts,
  { where, signal }: { where: string; signal: AbortSignal },
): Promise<number> {
  const { verifyExport } = await import("@resonnx/export");
  const { backends } = await import("../backends/index.ts");
  const source = await backends.tfjs({ loadArtifacts: async () => artifacts }).open(model);
  try {
    const exported = await backends["ort-node-cpu"]({}).open(model);
    try {
      const { ok, outputs } = await verifyExport(model, {
        ...TOLERANCES[report.precision],
        ...(report.layouts.source !== report.layouts.file && { sourceLayout: report.layouts.source }),
        runSource: (inputs) => runOn(source, inputs),
        runExported: (inputs) => runOn(exported, inputs),
        signal,
      });
      if (ok) return Math.max(...outputs.map(({ maxAbs }) => maxAbs ?? 0));
      const reason = outputs
        .map(
          ({ output, maxAbs, problem }) => `${output}: ${problem ?? `largest difference ${maxAbs?.toExponential(1)}`}`,
        )
        .join("; ");
      const what = `onnxruntime disagrees with tfjs: ${reason}`;
      throw new ResonnxError("failed", { where, what, hint: "the file was not written" });
    } finally {
      await exported.close();
    }
  } finally {
    await source.close();
  }
}

const makers: Readonly<Record<string, (data: unknown, dims: readonly number[]) => Tensor>> = {
  bool: (data, dims) => new Tensor("bool", data as Uint8Array, dims),
  float32: (data, dims) => new Tensor("float32", data as Float32Array, dims),
  int32: (data, dims) => new Tensor("int32", data as Int32Array, dims),
};

/** The types are those that `verifyExport` generates. */
const runOn = (session: BackendSession, inputs: RunInputs): Promise<RunTensors> =>
  session.run(
    Object.fromEntries(Object.entries(inputs).map(([name, { type, data, dims }]) => [name, makers[type]!(data, dims)])),
  );
