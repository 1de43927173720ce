import { ResonnxError, reasonOf } from "@resonnx/base";
import type { TrainEvent } from "@resonnx/core";
import { find } from "../dom.ts";
import type { Command, WorkerEvent } from "../protocol.ts";
import { startCamera, takePicture } from "./camera.ts";
import { addClass, isBusy, removeClass, type State, start, withClass } from "./state.ts";
import { type ClassActions, draw } from "./view.ts";

/** The page's pictures, by the ids of their classes. */
const pictures = new Map<number, Blob[]>();
/** Runs the finished model, as on the other page. */
const worker = new Worker(new URL("../worker.ts", import.meta.url), { type: "module" });
/** What the worker is asked for, by which its answers are told apart. */
const [LOADING, CLASSIFYING] = [1, 2];
let state: State = start;
let lesson = new AbortController();
let preview: string | undefined;

const video = find("video", HTMLVideoElement);

const actions: ClassActions = {
  rename: (id, label) => show(withClass(state, id, { label })),
  addFiles,
  take: (id) => void takePicture(video).then((picture) => addFiles(id, [picture]), cameraFailed),
  remove(id) {
    const before = state;
    show(removeClass(state, id));
    if (state !== before) pictures.delete(id);
  },
};

function show(next: State): void {
  state = next;
  draw(state, actions);
}

function addFiles(id: number, files: readonly Blob[]): void {
  const all = [...(pictures.get(id) ?? []), ...files];
  pictures.set(id, all);
  show(withClass(state, id, { pictures: all.length }));
}

const cameraFailed = (error: unknown): void => show({ ...state, camera: { is: "failed", message: reasonOf(error) } });

async function runLesson(): Promise<void> {
  lesson = new AbortController();
  show({ ...state, lesson: { is: "preparing" }, answer: { is: "none" } });
  try {
    const { teach } = await import("./teach.ts"); // tfjs with it, which whoever only looks doesn't need
    const lessons = state.classes.map(({ id, label }) => ({ label: label.trim(), pictures: pictures.get(id) ?? [] }));
    const { bytes, ...taught } = await teach(lessons, { signal: lesson.signal, onProgress: showProgress });
    const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    await loaded(url);
    show({ ...state, lesson: { is: "done", taught, url, size: bytes.length } });
  } catch (error) {
    const stopped = error instanceof ResonnxError && error.code === "aborted";
    show({ ...state, lesson: stopped ? { is: "stopped" } : { is: "failed", message: reasonOf(error) } });
  }
}

/** The worker has the model, so that it can be asked. */
function loaded(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const heard = ({ data }: MessageEvent<WorkerEvent>): void => {
      if (data.job !== LOADING || data.is === "progress") return;
      worker.removeEventListener("message", heard);
      if (data.is === "failed") reject(new ResonnxError("failed", { where: "the model", what: data.message }));
      else resolve();
    };
    worker.addEventListener("message", heard);
    ask({ do: "load", job: LOADING, address: url });
  });
}

function showProgress(event: TrainEvent): void {
  if (event.is !== "step") return;
  const { epoch, epochs, step, steps, loss, accuracy, secondsLeft } = event;
  const done = (epoch - 1 + step / steps) / epochs;
  show({ ...state, lesson: { is: "running", done, loss, accuracy, secondsLeft } });
}

const ask = (command: Command): void => worker.postMessage(command);

function classify(picture: Blob): void {
  const image = find("picture-preview", HTMLImageElement);
  if (preview) URL.revokeObjectURL(preview);
  preview = URL.createObjectURL(picture);
  image.src = preview;
  image.hidden = false;
  ask({ do: "classify", job: CLASSIFYING, picture });
  show({ ...state, answer: { is: "running" } });
}

worker.addEventListener("message", ({ data }: MessageEvent<WorkerEvent>) => {
  if (data.is === "classified") show({ ...state, answer: { is: "done", predictions: data.predictions } });
  if (data.is === "failed" && data.job === CLASSIFYING)
    show({ ...state, answer: { is: "failed", message: data.message } });
});
find("add-class").addEventListener("click", () => show(addClass(state)));
find("camera").addEventListener("click", () => {
  startCamera(video).then(() => show({ ...state, camera: { is: "on" } }), cameraFailed);
});
find("teach").addEventListener("click", () => {
  if (!isBusy(state)) void runLesson();
});
find("stop").addEventListener("click", () => lesson.abort());
find("picture-file").addEventListener("change", ({ target }) => {
  const file = target instanceof HTMLInputElement ? target.files?.[0] : undefined;
  if (file) classify(file);
});
show(start);
