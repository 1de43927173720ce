import type { Prediction } from "@resonnx/runtime";
import type { Taught } from "./teach.ts";

/** All that the page shows. */
export interface State {
  readonly classes: readonly ClassState[];
  readonly camera: { readonly is: "off" } | { readonly is: "on" } | { readonly is: "failed"; readonly message: string };
  readonly lesson: LessonState;
  readonly answer: AnswerState;
}

export interface ClassState {
  readonly id: number;
  readonly label: string;
  readonly pictures: number;
}

export type LessonState =
  | { readonly is: "none" }
  | { readonly is: "preparing" }
  | {
      readonly is: "running";
      /** From 0 to 1. */
      readonly done: number;
      readonly loss: number;
      readonly accuracy: number;
      readonly secondsLeft: number;
    }
  | { readonly is: "done"; readonly taught: Omit<Taught, "bytes">; readonly url: string; readonly size: number }
  | { readonly is: "stopped" }
  | { readonly is: "failed"; readonly message: string };

export type AnswerState =
  | { readonly is: "none" }
  | { readonly is: "running" }
  | { readonly is: "done"; readonly predictions: readonly Prediction[] }
  | { readonly is: "failed"; readonly message: string };

export const start: State = {
  classes: [
    { id: 1, label: "this", pictures: 0 },
    { id: 2, label: "that", pictures: 0 },
  ],
  camera: { is: "off" },
  lesson: { is: "none" },
  answer: { is: "none" },
};

export const FEWEST_CLASSES = 2;
export const FEWEST_PICTURES = 3;

/** What keeps a lesson from starting; undefined when nothing does. */
export function obstacle({ classes }: State): string | undefined {
  const labels = classes.map(({ label }) => label.trim());
  if (labels.includes("")) return "Every class needs a name.";
  if (new Set(labels).size < labels.length) return "Two classes have the same name.";
  const short = classes.find(({ pictures }) => pictures < FEWEST_PICTURES);
  if (!short) return undefined;
  return `“${short.label.trim()}” has ${short.pictures} of at least ${FEWEST_PICTURES} pictures.`;
}

export const isBusy = ({ lesson }: State): boolean => lesson.is === "preparing" || lesson.is === "running";

export const withClass = (state: State, id: number, change: Partial<ClassState>): State => ({
  ...state,
  classes: state.classes.map((item) => (item.id === id ? { ...item, ...change } : item)),
});

export function addClass(state: State): State {
  const id = Math.max(0, ...state.classes.map((item) => item.id)) + 1;
  return { ...state, classes: [...state.classes, { id, label: `class ${id}`, pictures: 0 }] };
}

export const removeClass = (state: State, id: number): State =>
  state.classes.length <= FEWEST_CLASSES
    ? state
    : { ...state, classes: state.classes.filter((item) => item.id !== id) };
