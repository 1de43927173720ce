import { text } from "./option.ts";

/** The option of whatever splits pictures. */
export const group = text(
  "regex",
  "keep groups whole when splitting: the first parentheses match who or what is shown in a file's name, as in ^([^_]+)_",
);
