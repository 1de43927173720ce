import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { WASM_PATH } from "../page/protocol.ts";

const PAGE = fileURLToPath(new URL("../../dist/chromium-page/", import.meta.url));

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** What `createServer` serves: the built page, onnxruntime-web's wasm, and bytes lent under addresses nobody can guess. */
export interface PageServer {
  readonly origin: string;
  /** Serves the bytes until `forget`. The address is relative to `origin`. */
  lend(bytes: Uint8Array): string;
  /** An address that takes one PUT; `taken` returns and forgets what came. */
  expectPut(): { readonly address: string; readonly taken: () => Uint8Array };
  forget(address: string): void;
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1, with the headers that make the page cross-origin isolated. */
export async function startPageServer(): Promise<PageServer> {
  const lent = new Map<string, Uint8Array>();
  const put = new Map<string, Uint8Array | null>();
  const server = createServer((request, response) => {
    answer(request, response, lent, put).catch((error: unknown) => response.writeHead(500).end(reasonOf(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    lend: (bytes) => remember(lent, "/bytes/", bytes),
    expectPut: () => {
      const place = remember(put, "/put/", null);
      return { address: place, taken: () => takeFrom(put, place) };
    },
    forget: (place) => void (lent.delete(place) || put.delete(place)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function remember<T>(places: Map<string, T>, prefix: string, value: T): string {
  const place = `${prefix}${randomUUID()}`;
  places.set(place, value);
  return place;
}

function takeFrom(put: Map<string, Uint8Array | null>, place: string): Uint8Array {
  const bytes = put.get(place);
  put.delete(place);
  if (!bytes) throw new ResonnxError("internal", { where: "Chromium", what: "the page put nothing here", got: place });
  return bytes;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  lent: ReadonlyMap<string, Uint8Array>,
  put: Map<string, Uint8Array | null>,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://page");
  if (request.method === "PUT" && put.has(pathname)) {
    put.set(pathname, await bodyOf(request));
    response.writeHead(204).end();
    return;
  }
  const body = lent.get(pathname) ?? (await readFile(fileFor(pathname)).catch(() => null));
  if (body === null) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "content-type": CONTENT_TYPES[extname(pathname) || ".html"] ?? "application/octet-stream",
    "content-length": body.length,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  });
  response.end(body);
}

/** `pathname` has no `..` left: URL has resolved them. */
function fileFor(pathname: string): string {
  if (pathname.startsWith(WASM_PATH)) return join(wasmFolder(), pathname.slice(WASM_PATH.length));
  return join(PAGE, pathname === "/" ? "index.html" : pathname);
}

function wasmFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("onnxruntime-web/webgpu"));
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
