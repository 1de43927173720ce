import { ResonnxError, reasonOf, throwIfAborted } from "@resonnx/base";

/** Where a model comes from: an address, or its bytes. */
export type ModelSource = string | URL | Uint8Array | Blob;

/** Bytes received so far; `total` is null where the server doesn't tell or the transfer is compressed. */
export interface LoadProgress {
  readonly loaded: number;
  readonly total: number | null;
}

export interface FetchOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
  /**
   * Keeps fetched models in the browser's Cache of this name, and takes them from there without asking the server again:
   * give a changed model another address. A browser that refuses to store it is no error. Default: not kept.
   */
  readonly cache?: string;
}

/** The bytes of a model. Throws `not-found` for HTTP 404 and 410, `failed` when the transfer goes wrong, `aborted`. */
export async function modelBytes(source: ModelSource, options: FetchOptions = {}): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  return download(String(source), options);
}

async function download(address: string, { signal, onProgress, cache }: FetchOptions): Promise<Uint8Array> {
  const store = cache === undefined ? undefined : await openCache(cache);
  const known = await store?.match(address);
  if (known !== undefined) return readBody(known, onProgress);
  try {
    const response = await fetch(address, signal === undefined ? {} : { signal });
    if (!response.ok) {
      const code = response.status === 404 || response.status === 410 ? "not-found" : "failed";
      const got = `HTTP ${response.status}`;
      throw new ResonnxError(code, { where: address, what: "the server has no model here", got });
    }
    const bytes = await readBody(response, onProgress);
    await store?.put(address, new Response(bytes)).catch(() => undefined); // over quota: the model itself is there
    return bytes;
  } catch (error) {
    throwIfAborted(signal, address);
    if (error instanceof ResonnxError) throw error;
    const hint = "check the address, the network and the server's CORS headers";
    const what = `could not be fetched: ${reasonOf(error)}`;
    throw new ResonnxError("failed", { where: address, what, hint, cause: error });
  }
}

/** There is none on insecure pages, and private windows may refuse it. */
async function openCache(name: string): Promise<Cache | undefined> {
  return "caches" in globalThis ? caches.open(name).catch(() => undefined) : undefined;
}

async function readBody(response: Response, onProgress: FetchOptions["onProgress"]): Promise<Uint8Array<ArrayBuffer>> {
  const total = announcedLength(response);
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  const reader = response.body?.getReader();
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
    chunks.push(chunk.value);
    loaded += chunk.value.length;
    onProgress?.({ loaded, total });
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Content-Length counts compressed bytes when there is an encoding, the reader counts unpacked ones. */
function announcedLength({ headers }: Response): number | null {
  const length = headers.get("content-length");
  return length === null || headers.has("content-encoding") ? null : Number(length);
}
