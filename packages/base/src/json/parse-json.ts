import { ResonnxError, reasonOf } from "../errors/error.ts";

/** Far deeper than any file that is read here, far shallower than what recursion over the value could take. */
const MAX_DEPTH = 500;

/** The value of a JSON text, at most 500 levels deep. Throws `bad-input`: `what` is what the text is called. */
export function parseJson(text: string, where: string, what = "the text"): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ResonnxError("bad-input", {
      where,
      what: `${what} is not JSON: ${reasonOf(cause)}`.slice(0, 120),
      cause,
    });
  }
  checkDepth(value, where, what);
  return value;
}

/** Throws `bad-input` when lists and objects inside `value` go deeper than 500 levels, circles included. */
export function checkDepth(value: unknown, where: string, what = "the value"): void {
  let level = new Set([value]); // a set, as a circle of objects must not multiply
  for (let depth = 0; level.size > 0; depth++) {
    if (depth > MAX_DEPTH)
      throw new ResonnxError("bad-input", {
        where,
        what: `${what} is nested too deeply`,
        wanted: `${MAX_DEPTH} levels`,
      });
    level = new Set([...level].flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : [])));
  }
}
