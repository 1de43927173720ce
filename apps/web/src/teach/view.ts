import { element, find, megabytes, predictionList } from "../dom.ts";
import {
  type AnswerState,
  type ClassState,
  FEWEST_CLASSES,
  isBusy,
  type LessonState,
  obstacle,
  type State,
} from "./state.ts";

/** What a class' row can ask for. */
export interface ClassActions {
  rename(id: number, label: string): void;
  addFiles(id: number, files: readonly File[]): void;
  take(id: number): void;
  remove(id: number): void;
}

/** Draws the whole state; numbers become text here and nowhere else. */
export function draw(state: State, actions: ClassActions): void {
  drawClasses(state, actions);
  const { camera, lesson, answer } = state;
  find("camera").hidden = camera.is === "on";
  find("video").hidden = camera.is !== "on";
  find("camera-facts").replaceChildren(...(camera.is === "failed" ? [element("p", camera.message, "wrong")] : []));
  drawLesson(state);
  find("picture-file", HTMLInputElement).disabled = lesson.is !== "done";
  find("answer").replaceChildren(...answerContent(answer, lesson));
}

/** Rows are kept from draw to draw, so that whoever types in one goes on typing. */
function drawClasses(state: State, actions: ClassActions): void {
  const holder = find("classes");
  const rows = new Map(Array.from(holder.children, (row) => [row.id, row as HTMLElement]));
  for (const item of state.classes) {
    const id = `class-${item.id}`;
    const row = rows.get(id) ?? classRow(id, item, actions);
    rows.delete(id);
    if (!row.isConnected) holder.append(row);
    row.querySelector("span")!.textContent = item.pictures === 1 ? "1 picture" : `${item.pictures} pictures`;
    const [take, remove] = row.querySelectorAll("button");
    take!.hidden = state.camera.is !== "on";
    remove!.disabled = isBusy(state) || state.classes.length <= FEWEST_CLASSES;
  }
  for (const gone of rows.values()) gone.remove();
}

function classRow(id: string, { id: key, label }: ClassState, actions: ClassActions): HTMLElement {
  const row = element("div", "", "class");
  row.id = id;
  const name = input("text", "Name of the class", () => actions.rename(key, name.value));
  name.value = label;
  const files = input("file", "Pictures of the class", () => actions.addFiles(key, [...(files.files ?? [])]));
  files.multiple = true;
  files.accept = "image/jpeg,image/png,image/webp";
  const [take, remove] = [
    button("Take a picture", () => actions.take(key)),
    button("Remove", () => actions.remove(key)),
  ];
  row.append(name, element("span", ""), files, take, remove);
  return row;
}

function input(type: string, label: string, changed: () => void): HTMLInputElement {
  const made = document.createElement("input");
  made.type = type;
  made.ariaLabel = label;
  made.addEventListener(type === "text" ? "input" : "change", changed);
  return made;
}

function button(text: string, clicked: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", clicked);
  return made;
}

function drawLesson(state: State): void {
  const { lesson } = state;
  const busy = isBusy(state);
  const why = obstacle(state);
  find("teach", HTMLButtonElement).disabled = busy || why !== undefined;
  find("stop").hidden = !busy;
  const progress = find("lesson-progress", HTMLProgressElement);
  progress.hidden = !busy;
  if (lesson.is === "running") progress.value = lesson.done;
  else progress.removeAttribute("value");
  const text = element("p", lessonText(lesson, why), lesson.is === "failed" ? "wrong" : "quiet");
  find("lesson-facts").replaceChildren(text, ...(lesson.is === "done" ? [downloadLink(lesson.url)] : []));
}

function downloadLink(url: string): HTMLElement {
  const link = document.createElement("a");
  link.href = url;
  link.download = "taught.onnx";
  link.textContent = "Download taught.onnx";
  link.className = "download";
  return link;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

function lessonText(lesson: LessonState, why: string | undefined): string {
  switch (lesson.is) {
    case "none":
      return why ?? "Ready.";
    case "preparing":
      return "Preparing…";
    case "running": {
      const left = lesson.secondsLeft > 0 ? `, ${Math.ceil(lesson.secondsLeft)} s left` : "";
      return `Loss ${lesson.loss.toFixed(3)}, ${percent(lesson.accuracy)} right${left}`;
    }
    case "stopped":
      return "Stopped.";
    case "failed":
      return lesson.message;
    case "done": {
      const { accuracy, engine, seconds } = lesson.taught;
      const judged =
        accuracy === undefined ? "too few pictures to judge it" : `${percent(accuracy)} right on held-out pictures`;
      return `Done in ${seconds.toFixed(0)} s on ${engine.device} (${engine.reason}): ${judged}. ${megabytes(lesson.size)}.`;
    }
  }
}

function answerContent(answer: AnswerState, lesson: LessonState): Node[] {
  switch (answer.is) {
    case "none":
      return [element("p", lesson.is === "done" ? "Now choose a picture." : "After training.", "quiet")];
    case "running":
      return [element("p", "Classifying…", "quiet")];
    case "failed":
      return [element("p", answer.message, "wrong")];
    case "done":
      return [predictionList(answer.predictions)];
  }
}
