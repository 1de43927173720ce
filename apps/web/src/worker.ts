// The worker's main file: loading and running a model would freeze the page.
import { ResonnxError, reasonOf } from "@resonnx/base";
import type { Model } from "@resonnx/runtime";
import { loadModel, type Picture } from "@resonnx/runtime-web";
import type { Command, WorkerEvent } from "./protocol.ts";

let model: Model<Picture> | undefined;
let loading = new AbortController();

const tell = (event: WorkerEvent): void => self.postMessage(event);

async function load({ job, address }: Extract<Command, { do: "load" }>): Promise<void> {
  loading.abort(); // whoever chooses another model doesn't want the first one any more
  loading = new AbortController();
  const { signal } = loading;
  const loaded = await loadModel(address, {
    signal,
    onProgress: (progress) => tell({ is: "progress", job, ...progress }),
  });
  if (signal.aborted) return loaded.dispose();
  const earlier = model;
  model = loaded;
  tell({ is: "loaded", job, info: loaded.info });
  await earlier?.dispose();
}

async function classify({ job, picture }: Extract<Command, { do: "classify" }>): Promise<void> {
  if (model === undefined) throw new ResonnxError("internal", { where: "classify", what: "no model has been loaded" });
  const begun = performance.now();
  const predictions = await model.classify(picture);
  tell({ is: "classified", job, predictions, ms: performance.now() - begun });
}

self.addEventListener("message", ({ data }: MessageEvent<Command>) => {
  const work = data.do === "load" ? load(data) : classify(data);
  work.catch((error: unknown) => tell({ is: "failed", job: data.job, message: reasonOf(error) }));
});
