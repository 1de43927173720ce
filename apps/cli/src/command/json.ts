import { flag } from "./option.ts";

/** The option that every command with a result has. */
export const json = flag("print the result as one JSON value");

/** The result as it is asked for. */
export const result = (asJson: boolean, value: unknown, text: () => string): string =>
  asJson ? JSON.stringify(value, undefined, 2) : text();
