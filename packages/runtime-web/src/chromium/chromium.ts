import { readFile } from "node:fs/promises";
import { ResonnxError, reasonOf } from "@resonnx/base";
import type { ModelInfo, Prediction, Tensors } from "@resonnx/runtime";
import type { Reply } from "../page/protocol.ts";
import type { Provider } from "../provider.ts";
import { decodeTensors, encodeTensors } from "../wire.ts";
import { type OpenPage, openPage } from "./launch.ts";

/** A Chromium with the page of this package. */
export interface Chromium {
  /** Chromium's version. */
  readonly version: string;
  /** Opens the bytes of an `.onnx` file on one provider; errors are those of `loadModel`. */
  openModel(model: Uint8Array, provider: Provider): Promise<ChromiumModel>;
  /** Ends Chromium and its server. */
  close(): Promise<void>;
}

/** A model that runs in Chromium, driven from Node. */
export interface ChromiumModel {
  readonly info: ModelInfo;
  /** The WebGPU adapter that computes; null on wasm. */
  readonly adapter: string | null;
  run(inputs: Tensors): Promise<Tensors>;
  /** The best labels of a picture file, decoded by the browser. `picture`: a path or the file's bytes. */
  classify(picture: string | Uint8Array, options?: { readonly topK?: number }): Promise<Prediction[]>;
  close(): Promise<void>;
}

/** Starts the Chromium of the npm package, with WebGPU on SwiftShader. Throws `unavailable` where it can't run. */
export async function startChromium(): Promise<Chromium> {
  const open = await openPage();
  return {
    version: open.version,
    openModel: (model, provider) => openModel(open, model, provider),
    close: () => open.close(),
  };
}

async function openModel(open: OpenPage, model: Uint8Array, provider: Provider): Promise<ChromiumModel> {
  const { page, server } = open;
  const { id, info, adapter } = await lending(open, model, (address) =>
    settle(page.evaluate(([from, on]) => resonnx.api.open(from, on), [address, provider] as const)),
  );
  return {
    info,
    adapter,
    run: (inputs) =>
      lending(open, encodeTensors(inputs), async (address) => {
        const outputs = server.expectPut();
        try {
          const places = [id, address, outputs.address] as const;
          await settle(page.evaluate(([model, from, to]) => resonnx.api.run(model, from, to), places));
          return decodeTensors(outputs.taken());
        } finally {
          server.forget(outputs.address);
        }
      }),
    classify: async (picture, { topK = 5 } = {}) => {
      const bytes = typeof picture === "string" ? await readPicture(picture) : picture;
      return lending(open, bytes, (address) =>
        settle(page.evaluate(([model, from, k]) => resonnx.api.classify(model, from, k), [id, address, topK] as const)),
      );
    },
    close: async () => void (await settle(page.evaluate((model) => resonnx.api.close(model), id))),
  };
}

async function lending<T>({ server }: OpenPage, bytes: Uint8Array, use: (address: string) => Promise<T>): Promise<T> {
  const address = server.lend(bytes);
  try {
    return await use(address);
  } finally {
    server.forget(address);
  }
}

async function settle<T>(reply: Promise<Reply<T>>): Promise<T> {
  const settled = await reply.catch((cause: unknown) => {
    throw new ResonnxError("failed", { where: "Chromium", what: reasonOf(cause), cause });
  });
  if ("error" in settled) throw new ResonnxError(settled.error.code, settled.error.facts);
  return settled.value;
}

async function readPicture(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw new ResonnxError("not-found", { where: path, what: reasonOf(cause), cause });
  });
}
