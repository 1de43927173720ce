import { ResonnxError, reasonOf } from "@resonnx/base";
import type { TrainEvent } from "@resonnx/core";
import { find } from "../dom.ts";
import { startCamera, takePicture } from "./camera.ts";
import { type ModelInWorker, openInWorker } from "./model-in-worker.ts";
import { type AnswerState, addClass, isBusy, removeClass, type State, start, withClass } from "./state.ts";
import { type ClassActions, draw } from "./view.ts";

/** The page's pictures, by the ids of their classes. */
const pictures = new Map<number, Blob[]>();
/** The finished model of the last lesson. */
let model: ModelInWorker | undefined;
let state: State = start;
let lesson = new AbortController();
/** Where the last lesson's file is; the download link shows it. */
let download: string | undefined;
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
  forgetLesson();
  show({ ...state, lesson: { is: "preparing" }, answer: { is: "none" } });
  try {
    const { teach } = await import("./teach.ts"); // tfjs with it, which whoever only looks doesn't need
    const lessons = state.classes.map(({ id, label }) => ({ label: label.trim(), pictures: pictures.get(id) ?? [] }));
    const { bytes, ...taught } = await teach(lessons, { signal: lesson.signal, onProgress: showProgress });
    const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    download = url;
    model = await openInWorker(url);
    show({ ...state, lesson: { is: "done", taught, url, size: bytes.length } });
  } catch (error) {
    const stopped = error instanceof ResonnxError && error.code === "aborted";
    show({ ...state, lesson: stopped ? { is: "stopped" } : { is: "failed", message: reasonOf(error) } });
  }
}

/** Frees the file and the model of the lesson before. */
function forgetLesson(): void {
  model?.close();
  if (download) URL.revokeObjectURL(download);
  model = download = undefined;
}

function showProgress(event: TrainEvent): void {
  if (event.is !== "step") return;
  const { epoch, epochs, step, steps, loss, accuracy, secondsLeft } = event;
  const done = (epoch - 1 + step / steps) / epochs;
  show({ ...state, lesson: { is: "running", done, loss, accuracy, secondsLeft } });
}

async function classify(picture: Blob, by: ModelInWorker): Promise<void> {
  const image = find("picture-preview", HTMLImageElement);
  if (preview) URL.revokeObjectURL(preview);
  preview = URL.createObjectURL(picture);
  image.src = preview;
  image.hidden = false;
  const running: AnswerState = { is: "running" };
  show({ ...state, answer: running });
  const answer = await by.classify(picture).then(
    (predictions): AnswerState => ({ is: "done", predictions }),
    (error: unknown): AnswerState => ({ is: "failed", message: reasonOf(error) }),
  );
  if (state.answer === running) show({ ...state, answer }); // else a newer picture or lesson has taken its place
}

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
  if (file && model) void classify(file, model);
});
show(start);
