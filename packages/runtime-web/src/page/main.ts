import { ResonnxError, reasonOf } from "@resonnx/base";
import type { Model } from "@resonnx/runtime";
import { findAdapter } from "../adapter.ts";
import { loadModel } from "../load-model.ts";
import type { Picture } from "../picture.ts";
import { decodeTensors, encodeTensors } from "../wire.ts";
import { type PageApi, type Reply, WASM_PATH } from "./protocol.ts";

const models = new Map<number, Model<Picture>>();
let lastId = 0;

const api: PageApi = {
  open: (address, provider) =>
    reply(async () => {
      const model = await loadModel(address, { providers: [provider], wasmPaths: WASM_PATH });
      const id = ++lastId;
      models.set(id, model);
      const adapter = provider === "webgpu" ? (await findAdapter(true)).name : null;
      return { id, info: model.info, adapter };
    }),
  run: (id, inputs, outputs) =>
    reply(async () => {
      const answer = await modelOf(id).run(decodeTensors(new Uint8Array(await (await fetch(inputs)).arrayBuffer())));
      await fetch(outputs, { method: "PUT", body: encodeTensors(answer) });
      return null;
    }),
  classify: (id, address, topK) =>
    reply(async () => modelOf(id).classify(await (await fetch(address)).blob(), { topK })),
  close: (id) =>
    reply(async () => {
      await modelOf(id).dispose();
      models.delete(id);
      return null;
    }),
};

function modelOf(id: number): Model<Picture> {
  const model = models.get(id);
  if (model === undefined) throw new ResonnxError("bad-input", { where: "model", what: "used after close()" });
  return model;
}

async function reply<T>(work: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof ResonnxError))
      return { error: { code: "internal", facts: { where: "page", what: reasonOf(error) } } };
    const { cause: _, ...facts } = error.facts;
    return { error: { code: error.code, facts } };
  }
}

globalThis.resonnx = { api, loadModel, wasmPaths: WASM_PATH };
