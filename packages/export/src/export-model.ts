import { type ModelMetadata, metadataProps, ResonnxError, throwIfAborted } from "@resonnx/base";
import {
  DEFAULT_OPSET,
  encode,
  type Graph,
  inferencePasses,
  layout,
  type OpName,
  optimize,
  type PassReport,
  sizeOf,
} from "@resonnx/onnx";
import type { io } from "@tensorflow/tfjs";
import { forward } from "./forward/forward.ts";
import { artifactsOf, type ModelSource } from "./source/live.ts";

/** What an export does, in this order. */
export type ExportStage = "read" | "build" | "optimize" | "encode";

export interface ExportOptions {
  /** ONNX operator set version, 13 to 17. Default 17. */
  readonly opset?: number | undefined;
  /** Travels in the file under `resonnx.*`; `source` is filled in when it isn't given. */
  readonly metadata?: ModelMetadata | undefined;
  /** Default true: few transposes, batch normalizations folded, and so on. False writes each layer as it stands. */
  readonly optimize?: boolean | undefined;
  /** Fixes the batch; else it stays symbolic. */
  readonly batchSize?: number | undefined;
  /** The file, for errors. */
  readonly where?: string | undefined;
  /** Checked between stages. */
  readonly signal?: AbortSignal | undefined;
  /** Called as each stage begins. */
  readonly onProgress?: ((stage: ExportStage) => void) | undefined;
}

export interface ExportReport {
  readonly nodes: number;
  /** How many nodes of each operator, those that occur. */
  readonly ops: { readonly [K in OpName]?: number };
  readonly passes: readonly PassReport[];
  /** Elements of all weights of the source. */
  readonly parameters: number;
  readonly ms: number;
  readonly opset: number;
}

export interface Exported {
  /** The `.onnx` file. */
  readonly bytes: Uint8Array;
  readonly report: ExportReport;
}

/** The forms in which the operators are written are those of these opsets (ReduceMean's axes are an attribute until 17). */
const OPSETS = { least: 13, most: 17 };

/**
 * A layers model, live or as artifacts, as an ONNX file: inputs and outputs named, ordered and laid out as in the source,
 * batch and unknown sizes symbolic. Throws `bad-input` or `unsupported` before anything is built, `aborted` by the signal.
 */
export async function exportModel(source: ModelSource, options: ExportOptions = {}): Promise<Exported> {
  const { opset = DEFAULT_OPSET, where = "model", metadata, signal, onProgress } = options;
  checkOptions(opset, options.batchSize);
  const begin = async (stage: ExportStage): Promise<void> => {
    onProgress?.(stage);
    await new Promise((resolve) => setTimeout(resolve)); // a page can draw, and a signal can arrive
    throwIfAborted(signal, where);
  };
  const started = performance.now();
  await begin("read");
  const artifacts = await artifactsOf(source);
  await begin("build");
  // One graph at a time is alive: each holds a copy of the weights where it changed them.
  let { graph, parameters } = build(artifacts, options.batchSize, where);
  await begin("optimize");
  let passes: readonly PassReport[] = [];
  if (options.optimize !== false) {
    graph = layout(graph);
    passes = optimize(graph, inferencePasses);
  }
  await begin("encode");
  const props = metadataProps({ source: { format: "tfjs-layers", name: graph.name }, ...metadata });
  const bytes = encode(graph, { opset, metadata: props });
  return { bytes, report: { ...count(graph), passes, parameters, ms: performance.now() - started, opset } };
}

function build(artifacts: io.ModelArtifacts, batchSize: number | undefined, where: string) {
  const { graph, parameters } = forward(artifacts, { training: false, weights: "constants", batchSize, where });
  return { graph, parameters: parameters.reduce((sum, { data }) => sum + sizeOf(data.dims), 0) };
}

function count(graph: Graph): Pick<ExportReport, "nodes" | "ops"> {
  const order = graph.order();
  const ops: { [K in OpName]?: number } = {};
  for (const { op } of order) ops[op] = (ops[op] ?? 0) + 1;
  return { nodes: order.length, ops };
}

function checkOptions(opset: number, batchSize: number | undefined): void {
  if (!Number.isInteger(opset) || opset < OPSETS.least || opset > OPSETS.most)
    throw new ResonnxError("unsupported", {
      where: "opset",
      what: "an operator set that can't be written",
      got: `${opset}`,
      wanted: `${OPSETS.least} to ${OPSETS.most}`,
    });
  if (batchSize !== undefined && (!Number.isSafeInteger(batchSize) || batchSize < 1))
    throw new ResonnxError("bad-input", {
      where: "batchSize",
      what: "an impossible batch",
      got: `${batchSize}`,
      wanted: "1 or more",
    });
}
