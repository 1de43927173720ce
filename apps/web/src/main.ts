import type { Command, WorkerEvent } from "./protocol.ts";
import { type Event, next, type State, start } from "./state.ts";
import { draw } from "./view.ts";

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
let state: State = start;
let picture: File | undefined;
let modelUrl: string | undefined;

function handle(event: Event): void {
  const before = state;
  state = next(state, event);
  if (state.answer.is === "running" && state.answer !== before.answer && picture) {
    ask({ do: "classify", job: state.answer.job, picture });
  }
  draw(state);
}

const ask = (command: Command): void => worker.postMessage(command);

function chooseModel(name: string, address: string): void {
  handle({ is: "model chosen", name });
  ask({ do: "load", job: state.lastJob, address: new URL(address, location.href).href });
}

function choosePicture(file: File): void {
  if (state.picture) URL.revokeObjectURL(state.picture.url);
  picture = file;
  handle({ is: "picture chosen", name: file.name, url: URL.createObjectURL(file) });
}

/** Calls back with the file, also when the same one is chosen again after it changed. */
function onFile(id: string, use: (file: File) => void): void {
  document.getElementById(id)?.addEventListener("change", ({ target }) => {
    const file = target instanceof HTMLInputElement ? target.files?.[0] : undefined;
    if (file) use(file);
  });
}

worker.addEventListener("message", ({ data }: MessageEvent<WorkerEvent>) => handle(data));
worker.addEventListener("error", ({ message }) => {
  handle({ is: "failed", job: state.lastJob, message: `the worker broke: ${message}` });
});
onFile("model-file", (file) => {
  if (modelUrl) URL.revokeObjectURL(modelUrl);
  modelUrl = URL.createObjectURL(file);
  chooseModel(file.name, modelUrl);
});
onFile("picture-file", choosePicture);
draw(state);

/** `?model=address` loads a model at once, for links to a site that ships one. */
const linked = new URLSearchParams(location.search).get("model");
if (linked) chooseModel(linked.split("/").at(-1) ?? linked, linked);
