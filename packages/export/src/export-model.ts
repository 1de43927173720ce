import { type ModelMetadata, metadataProps, throwIfAborted } from "@resonnx/base";
import {
  atOpset,
  DEFAULT_OPSET,
  type EncodedModel,
  encode,
  encodeExternal,
  finalPasses,
  inferencePasses,
  layout,
  optimize,
} from "@resonnx/onnx";
import { forward } from "./forward/forward.ts";
import { checkOptions, type ExportOptions, type ExportStage, type Layout } from "./options.ts";
import { type ExportReport, factsOf, graphFacts } from "./report/report.ts";
import { artifactsOf, type ModelSource } from "./source/live.ts";
import { turnPictures } from "./targets/layout.ts";
import { rename } from "./targets/names.ts";
import { convertTo } from "./targets/precision.ts";

export interface Exported {
  /** The `.onnx` file. */
  readonly bytes: Uint8Array;
  /** Its external data, where the weights did not go into the file. */
  readonly data?: Uint8Array;
  readonly report: ExportReport;
}

/**
 * A layers model, live or as artifacts, as an ONNX file: inputs and outputs named, ordered and laid out as in the source,
 * batch and unknown sizes symbolic, unless the options say otherwise. Throws `bad-input` or `unsupported` before anything is
 * built, `aborted` by the signal.
 */
export async function exportModel(source: ModelSource, options: ExportOptions = {}): Promise<Exported> {
  const { opset = DEFAULT_OPSET, where = "model", precision = "fp32", signal } = options;
  checkOptions(options);
  const begin = async (stage: ExportStage): Promise<void> => {
    options.onProgress?.(stage);
    await new Promise((resolve) => setTimeout(resolve)); // a page can draw, and a signal can arrive
    throwIfAborted(signal, where);
  };
  const started = performance.now();
  await begin("read");
  const artifacts = await artifactsOf(source);
  await begin("build");
  const built = forward(artifacts, {
    training: false,
    weights: "constants",
    batchSize: options.batchSize,
    states: options.states,
    where,
  });
  const facts = factsOf(built);
  let { graph } = built;
  const turned = options.layout !== undefined && options.layout !== built.layout;
  if (turned) turnPictures(graph, options.layout);
  if (options.rename) rename(graph, options.rename);
  await begin("optimize");
  if (options.optimize !== false) graph = layout(graph);
  const lean = options.optimize === false ? [] : optimize(graph, inferencePasses);
  const passes = [...lean, ...optimize(graph, finalPasses)];
  if (options.calibration) await begin("calibrate");
  const converted = await convertTo[precision](atOpset(graph, opset), options);
  await begin("encode");
  const metadata = metadataProps(metadataOf(facts.name, options.metadata, options.layout));
  const encoded = write(converted.graph, { opset, metadata }, options);
  const report = {
    name: facts.name,
    ...graphFacts(converted.graph, facts),
    ...converted.report,
    passes,
    layouts: { source: built.layout, file: options.layout ?? built.layout },
    parameters: facts.parameters,
    sizes: { source: facts.bytes, file: encoded.bytes.length, data: encoded.data?.length ?? 0 },
    ms: performance.now() - started,
    opset,
  };
  return { ...encoded, report };
}

function write(
  graph: Parameters<typeof encode>[0],
  facts: { readonly opset: number; readonly metadata: Readonly<Record<string, string>> },
  { externalData, onProgress }: ExportOptions,
): EncodedModel {
  const settings = { ...facts, onProgress: (done: number, total: number) => onProgress?.("encode", done / total) };
  return externalData ? encodeExternal(graph, { ...settings, ...externalData }) : { bytes: encode(graph, settings) };
}

/** The file says where it came from, and which layout its pictures have now. */
function metadataOf(name: string, metadata: ModelMetadata | undefined, layout: Layout | undefined): ModelMetadata {
  const preprocessing = metadata?.preprocessing;
  return {
    source: { format: "tfjs-layers", name },
    ...metadata,
    ...(preprocessing && { preprocessing: { ...preprocessing, layout: layout ?? preprocessing.layout } }),
  };
}
