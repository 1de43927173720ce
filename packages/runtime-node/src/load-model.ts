import { type ModelMetadata, ResonnxError, readMetadata, throwIfAborted } from "@resonnx/base";
import { abortable, checkProviders } from "@resonnx/runtime";
import { NodeModel } from "./node-model.ts";
import type { Opening } from "./protocol.ts";
import { PROVIDERS, type Provider } from "./providers.ts";
import { readWhole } from "./read-file.ts";
import { SessionThread } from "./session-thread.ts";

export interface LoadOptions {
  /**
   * Which execution providers to try, in order. Default cuda, webgpu, cpu, where webgpu takes hardware adapters only;
   * named here, it takes software ones (SwiftShader, llvmpipe) too.
   */
  readonly providers?: readonly Provider[];
  /** An abort rejects at once; what was loading is freed in the background. */
  readonly signal?: AbortSignal;
}

/**
 * Loads an ONNX file, from its path or its bytes, into a thread of its own.
 * Throws `not-found`, `bad-input` (not an ONNX model, broken metadata), `unavailable` (no provider works) or `aborted`.
 */
export async function loadModel(source: string | Uint8Array, options: LoadOptions = {}): Promise<NodeModel> {
  const { signal } = options;
  const providers = checkProviders(options.providers ?? PROVIDERS, PROVIDERS);
  const where = typeof source === "string" ? source : "model";
  const bytes = typeof source === "string" ? await readWhole(source, "an ONNX model", signal) : source;
  const metadata = metadataOf(bytes, where);
  throwIfAborted(signal, where);
  const opening = open(where, metadata, { source, providers, named: options.providers !== undefined });
  return abortable(opening, signal, where).catch((error: unknown) => {
    if (signal?.aborted) void opening.then((model) => model.dispose()).catch(() => undefined); // the caller has the abort
    throw error;
  });
}

async function open(where: string, metadata: ModelMetadata, opening: Opening): Promise<NodeModel> {
  const { thread, facts } = await SessionThread.open(opening).catch((error: unknown) => {
    throw placed(error, where);
  });
  const { labels, preprocessing } = metadata;
  return new NodeModel(thread, {
    ...facts,
    ...(labels && { labels }),
    ...(preprocessing && { preprocessing }),
    metadata,
  });
}

function metadataOf(bytes: Uint8Array, where: string): ModelMetadata {
  try {
    return readMetadata(bytes);
  } catch (error) {
    throw placed(error, where);
  }
}

/** The error with the file's name in front. */
function placed(error: unknown, file: string): unknown {
  if (!(error instanceof ResonnxError)) return error;
  const { facts, code } = error;
  const where = ["model", "model file"].includes(facts.where) ? file : `${file}: ${facts.where}`;
  return new ResonnxError(code, { ...facts, where });
}
