import type { ModelInfo, Prediction } from "@resonnx/runtime";
import type { WorkerEvent } from "./protocol.ts";

/** All that the page shows. */
export interface State {
  readonly model: ModelState;
  readonly picture: { readonly name: string; readonly url: string } | null;
  readonly answer: AnswerState;
  /** The last job given out; an event of a job that nothing waits for any more is old news. */
  readonly lastJob: number;
}

export type ModelState =
  | { readonly is: "none" }
  | {
      readonly is: "loading";
      readonly job: number;
      readonly name: string;
      readonly loaded: number;
      readonly total: number | null;
    }
  | { readonly is: "ready"; readonly name: string; readonly info: ModelInfo }
  | { readonly is: "failed"; readonly name: string; readonly message: string };

export type AnswerState =
  | { readonly is: "none" }
  | { readonly is: "running"; readonly job: number }
  | { readonly is: "done"; readonly predictions: readonly Prediction[]; readonly ms: number }
  | { readonly is: "failed"; readonly message: string };

/** What the user did, or what the worker tells. */
export type Event =
  | { readonly is: "model chosen"; readonly name: string }
  | { readonly is: "picture chosen"; readonly name: string; readonly url: string }
  | WorkerEvent;

export const start: State = { model: { is: "none" }, picture: null, answer: { is: "none" }, lastJob: 0 };

type Handlers = { readonly [K in Event["is"]]: (state: State, event: Extract<Event, { is: K }>) => State };

const handlers: Handlers = {
  "model chosen": (state, { name }) => {
    const job = state.lastJob + 1;
    return {
      ...state,
      lastJob: job,
      answer: { is: "none" },
      model: { is: "loading", job, name, loaded: 0, total: null },
    };
  },
  "picture chosen": (state, picture) => classifying({ ...state, picture: { name: picture.name, url: picture.url } }),
  progress: (state, { job, loaded, total }) =>
    state.model.is === "loading" && state.model.job === job
      ? { ...state, model: { ...state.model, loaded, total } }
      : state,
  loaded: (state, { job, info }) =>
    state.model.is === "loading" && state.model.job === job
      ? classifying({ ...state, model: { is: "ready", name: state.model.name, info } })
      : state,
  classified: (state, { job, predictions, ms }) =>
    state.answer.is === "running" && state.answer.job === job
      ? { ...state, answer: { is: "done", predictions, ms } }
      : state,
  failed: ({ model, answer, ...rest }, { job, message }) => ({
    ...rest,
    model: model.is === "loading" && model.job === job ? { is: "failed", name: model.name, message } : model,
    answer: answer.is === "running" && answer.job === job ? { is: "failed", message } : answer,
  }),
};

/** The state after an event. Pure. */
export function next<K extends Event["is"]>(state: State, event: Extract<Event, { is: K }>): State {
  const handler: (state: State, event: Extract<Event, { is: K }>) => State = handlers[event.is as K];
  return handler(state, event);
}

/** With a model and a picture there is something to ask for. */
function classifying(state: State): State {
  if (state.model.is !== "ready" || state.picture === null) return { ...state, answer: { is: "none" } };
  const job = state.lastJob + 1;
  return { ...state, lastJob: job, answer: { is: "running", job } };
}
