import { isArray, isObject, type Json } from "./json.ts";

/** Whether a topology is written as tfjs' own classes spell it: `className`, `inboundNodes`, `channelsLast`. */
export const isTsStyle = (json: Json | undefined): boolean =>
  isObject(json) && typeof json.className === "string" && json.class_name === undefined;

/** A topology in tfjs' spelling as Keras spells it: keys and values in snake case, names as they are (what `convertTsToPythonic` does). */
export function toPythonic(json: Json, key = ""): Json {
  if (typeof json === "string") return NAMES.has(key) ? json : snakeCase(json);
  if (isArray(json)) return json.map((item, i) => (i === 0 && isTensorRef(json) ? item : toPythonic(item, key)));
  if (!isObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [snakeCase(name), toPythonic(value, name)]));
}

const NAMES = new Set(["name", "className"]);

const isTensorRef = (json: readonly Json[]): boolean =>
  typeof json[0] === "string" && typeof json[1] === "number" && typeof json[2] === "number";

const snakeCase = (text: string): string =>
  text
    .replace(/(.)([A-Z][a-z0-9]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
