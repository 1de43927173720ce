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
}

/** The bytes of a model. Throws `not-found` for HTTP 404 and 410, `failed` when the transfer goes wrong, `aborted`. */
export async function modelBytes(source: ModelSource, options: FetchOptions = {}): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  return download(String(source), options);
}

async function download(address: string, { signal, onProgress }: FetchOptions): Promise<Uint8Array> {
  try {
    const response = await fetch(address, signal === undefined ? {} : { signal });
    if (!response.ok) {
      const code = response.status === 404 || response.status === 410 ? "not-found" : "failed";
      throw new ResonnxError(code, {
        where: address,
        what: "the server has no model here",
        got: `HTTP ${response.status}`,
      });
    }
    return await readBody(response, onProgress);
  } catch (error) {
    throwIfAborted(signal, address);
    if (error instanceof ResonnxError) throw error;
    const hint = "check the address, the network and the server's CORS headers";
    throw new ResonnxError("failed", {
      where: address,
      what: `could not be fetched: ${reasonOf(error)}`,
      hint,
      cause: error,
    });
  }
}

async function readBody(response: Response, onProgress: FetchOptions["onProgress"]): Promise<Uint8Array> {
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
