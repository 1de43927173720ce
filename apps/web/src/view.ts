import type { ModelInfo } from "@resonnx/runtime";
import { element, find, megabytes, predictionList } from "./dom.ts";
import type { AnswerState, ModelState, State } from "./state.ts";

/** Draws the whole state; numbers become text here and nowhere else. */
export function draw({ model, picture, answer }: State): void {
  drawModel(model);
  const preview = find("picture-preview", HTMLImageElement);
  preview.hidden = picture === null;
  if (picture && preview.src !== picture.url) preview.src = picture.url;
  find("picture-name").textContent = picture?.name ?? "Choose a picture";
  find("answer").replaceChildren(...answerContent(answer, model));
}

function drawModel(model: ModelState): void {
  find("model-name").textContent = model.is === "none" ? "Choose an .onnx file" : model.name;
  const progress = find("model-progress", HTMLProgressElement);
  progress.hidden = model.is !== "loading";
  if (model.is === "loading" && model.total && model.loaded < model.total) progress.value = model.loaded / model.total;
  else progress.removeAttribute("value"); // in progress, of unknown length: the session is being made
  find("model-facts").replaceChildren(...modelContent(model));
}

function modelContent(model: ModelState): Node[] {
  switch (model.is) {
    case "none":
      return [];
    case "loading":
      return [element("p", loadingText(model), "quiet")];
    case "failed":
      return [element("p", model.message, "wrong")];
    case "ready":
      return [facts(model.info)];
  }
}

function loadingText({ loaded, total }: Extract<ModelState, { is: "loading" }>): string {
  if (loaded === 0) return "Loading…";
  if (total === null) return `${megabytes(loaded)} loaded`;
  return loaded < total ? `${megabytes(loaded)} of ${megabytes(total)}` : "Preparing…";
}

function facts({ provider, skipped, inputs, labels, preprocessing }: ModelInfo): HTMLElement {
  const rows: [string, string][] = [
    ["Runs on", provider],
    ...skipped.map((skip): [string, string] => [`Not ${skip.provider}`, skip.reason]),
    ...inputs.map(({ name, type, shape }): [string, string] => ["Input", `${name}: ${type} [${shape.join(", ")}]`]),
    [
      "Labels",
      labels
        ? `${labels.length}: ${labels.slice(0, 8).join(", ")}${labels.length > 8 ? ", …" : ""}`
        : "none in the file",
    ],
  ];
  if (!preprocessing) rows.push(["Pictures", "the file doesn't say how to prepare them"]);
  const list = document.createElement("dl");
  for (const [term, text] of rows) list.append(element("dt", term), element("dd", text));
  return list;
}

function answerContent(answer: AnswerState, model: ModelState): Node[] {
  switch (answer.is) {
    case "none":
      return [element("p", model.is === "ready" ? "Now choose a picture." : "It appears here.", "quiet")];
    case "running":
      return [element("p", "Classifying…", "quiet")];
    case "failed":
      return [element("p", answer.message, "wrong")];
    case "done": {
      const provider = model.is === "ready" ? ` on ${model.info.provider}` : "";
      return [predictionList(answer.predictions), element("p", `${Math.round(answer.ms)} ms${provider}`, "quiet")];
    }
  }
}
