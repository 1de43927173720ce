import type { Prediction } from "@resonnx/runtime";

/** Labels and scores, the best first. */
export function predictionList(predictions: readonly Prediction[]): HTMLElement {
  const list = document.createElement("ol");
  list.append(...predictions.map(({ label, score }) => prediction(label, score)));
  return list;
}

function prediction(label: string, score: number): HTMLElement {
  const item = document.createElement("li");
  const meter = document.createElement("meter");
  meter.value = score;
  meter.ariaHidden = "true"; // the text beside it says the same
  item.append(element("span", label), element("span", `${(score * 100).toFixed(1)} %`, "score"), meter);
  return item;
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export function element(tag: string, text: string, className = ""): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

export function find<E extends HTMLElement = HTMLElement>(id: string, type?: new () => E): E {
  const found = document.getElementById(id);
  if (found === null || !(found instanceof (type ?? HTMLElement))) throw new Error(`the page has no #${id}`);
  return found as E;
}
