/** Data sets that ship in @resonnx/core and go by their name. */
const SHIPPED = ["hand-signs"];

/** What a `--data` means: a shipped data set's name as it is, else a path. */
export const dataPath = (data: string, at: (path: string) => string): string =>
  SHIPPED.includes(data) ? data : at(data);
