import type { ModelInfo } from "@resonnx/runtime";
import { expect, test } from "vitest";
import { type Event, next, type State, start } from "./state.ts";

const info: ModelInfo = { inputs: [], outputs: [], provider: "wasm", skipped: [], metadata: {} };
const predictions = [{ label: "cat", score: 0.9 }];
const after = (...events: Event[]): State => events.reduce<State>((state, event) => next(state, event), start);

const model: Event = { is: "model chosen", name: "m.onnx" };
const picture: Event = { is: "picture chosen", name: "cat.jpg", url: "blob:1" };
const loaded = (job: number): Event => ({ is: "loaded", job, info });

test("a model, then a picture: the answer is asked for once both are there", () => {
  expect(after(model).model).toEqual({ is: "loading", job: 1, name: "m.onnx", loaded: 0, total: null });
  expect(after(model, loaded(1)).answer).toEqual({ is: "none" });
  const asking = after(model, loaded(1), picture);
  expect(asking.answer).toEqual({ is: "running", job: 2 });
  expect(next(asking, { is: "classified", job: 2, predictions, ms: 12 })).toEqual({
    model: { is: "ready", name: "m.onnx", info },
    picture: { name: "cat.jpg", url: "blob:1" },
    answer: { is: "done", predictions, ms: 12 },
    lastJob: 2,
  });
});

test("a picture, then a model", () => {
  expect(after(picture).answer).toEqual({ is: "none" });
  expect(after(picture, model, loaded(1)).answer).toEqual({ is: "running", job: 2 });
});

test("progress is shown while loading", () => {
  const { model: shown } = after(model, { is: "progress", job: 1, loaded: 5, total: 10 });
  expect(shown).toMatchObject({ is: "loading", loaded: 5, total: 10 });
});

test("old news is ignored: another model or picture was chosen since", () => {
  const second = after(model, { is: "model chosen", name: "other.onnx" });
  for (const event of [
    loaded(1),
    { is: "progress", job: 1, loaded: 5, total: 10 },
    { is: "failed", job: 1, message: "aborted" },
  ] as const) {
    expect(next(second, event)).toEqual(second);
  }
  const twoPictures = after(model, loaded(1), picture, { is: "picture chosen", name: "dog.jpg", url: "blob:2" });
  expect(next(twoPictures, { is: "classified", job: 2, predictions, ms: 1 })).toEqual(twoPictures);
});

test("a failure shows where it happened, and the next choice takes it away", () => {
  const noModel = after(model, { is: "failed", job: 1, message: "not an ONNX model" });
  expect(noModel.model).toEqual({ is: "failed", name: "m.onnx", message: "not an ONNX model" });
  expect(noModel.answer).toEqual({ is: "none" });
  const noPicture = after(model, loaded(1), picture, { is: "failed", job: 2, message: "can't be decoded" });
  expect(noPicture.model.is).toBe("ready");
  expect(noPicture.answer).toEqual({ is: "failed", message: "can't be decoded" });
  expect(next(noPicture, picture).answer).toEqual({ is: "running", job: 3 });
});
