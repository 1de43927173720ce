import { readMetadata, throwIfAborted } from "@resonnx/base";
import { checkProviders, type Model, openFirst } from "@resonnx/runtime";
import { findAdapter } from "./adapter.ts";
import { type FetchOptions, type ModelSource, modelBytes } from "./model-bytes.ts";
import { configureWasm, queue, type WasmOptions } from "./ort.ts";
import type { Picture } from "./picture.ts";
import { PROVIDERS, type Provider } from "./provider.ts";
import { Session } from "./session.ts";
import { infoOf, WebModel } from "./web-model.ts";

export interface LoadOptions extends FetchOptions, WasmOptions {
  /** Tried in this order. Default: webgpu where there is a real GPU, then wasm. Named here, webgpu may be software too. */
  readonly providers?: readonly Provider[];
}

/**
 * Loads an `.onnx` model into the page. `info.provider` is what really runs it, `info.skipped` says why the ones before
 * it don't. Throws `bad-input` for a file that is no usable model, `unavailable` when no provider works here, and what
 * fetching throws: `not-found`, `failed`, `aborted`.
 */
export async function loadModel(source: ModelSource, options: LoadOptions = {}): Promise<Model<Picture>> {
  const { signal } = options;
  const order = checkProviders<Provider>(options.providers ?? PROVIDERS, PROVIDERS);
  throwIfAborted(signal, "loadModel");
  configureWasm(options);
  const bytes = await modelBytes(source, options);
  const metadata = readMetadata(bytes);
  const named = options.providers !== undefined;
  const { session, report } = await openFirst(order, "wasm", (provider) => open(provider, bytes, named, signal));
  try {
    return new WebModel(session, infoOf(session, report, metadata));
  } catch (error) {
    await queue.add(() => session.release());
    throw error;
  }
}

async function open(provider: Provider, bytes: Uint8Array, named: boolean, signal?: AbortSignal): Promise<Session> {
  if (provider === "webgpu") await findAdapter(named);
  const create = async () => {
    const session = await Session.open(provider, bytes);
    if (signal?.aborted) await session.release(); // whoever wanted it has been told already
    return session;
  };
  return queue.add(create, signal);
}
