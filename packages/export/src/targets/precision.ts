import { throwIfAborted } from "@resonnx/base";
import {
  Calibration,
  calibrationGraph,
  encode,
  type Float16Report,
  type Graph,
  quantizableValues,
  quantizeGraphWeights,
  quantizeStatically,
  toFloat16,
} from "@resonnx/onnx";
import type { CalibrationOptions, ExportOptions, Precision } from "../options.ts";

export interface PrecisionReport {
  readonly precision: Precision;
  /** With fp16: nodes that compute in float32 still, and why. */
  readonly kept: Float16Report["kept"];
  /** With int8: weights, and activations where calibrated, that became int8. */
  readonly quantized: { readonly weights: number; readonly activations: number };
}

interface Converted {
  readonly graph: Graph;
  readonly report: PrecisionReport;
}

type Convert = (graph: Graph, options: ExportOptions) => Promise<Converted>;

const NOTHING = { weights: 0, activations: 0 };

/** The graph in the element types of a precision; the graph given may be changed. */
export const convertTo: { readonly [P in Precision]: Convert } = {
  fp32: async (graph) => ({ graph, report: { precision: "fp32", kept: [], quantized: NOTHING } }),
  async fp16(source, { halfIo = false }) {
    const { graph, report } = toFloat16(source, { keepIo: !halfIo });
    return { graph, report: { precision: "fp16", kept: report.kept, quantized: NOTHING } };
  },
  async int8(graph, options) {
    const { calibration, signal } = options;
    if (!calibration) {
      const weights = quantizeGraphWeights(graph).size;
      return { graph, report: { precision: "int8", kept: [], quantized: { weights, activations: 0 } } };
    }
    const activations = quantizableValues(graph).length;
    const ranges = (await calibrate(graph, calibration, signal)).ranges();
    const weights = quantizeStatically(graph, ranges);
    return { graph, report: { precision: "int8", kept: [], quantized: { weights, activations } } };
  },
};

/** Runs the samples through a copy of the graph that shows its activations. */
async function calibrate(
  graph: Graph,
  options: CalibrationOptions,
  signal: AbortSignal | undefined,
): Promise<Calibration> {
  const shown = calibrationGraph(graph);
  const calibration = new Calibration(shown.outputs.length, options);
  const run = await options.open(encode(shown));
  for await (const sample of options.samples) {
    throwIfAborted(signal, "calibration");
    calibration.add(await run(sample));
  }
  return calibration;
}
