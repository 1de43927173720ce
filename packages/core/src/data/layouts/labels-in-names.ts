import type { Layout } from "./layout.ts";

/** The class before the first `_` of each file's name. */
export const labelsInNames: Layout = {
  pattern: "D/{label}_*",
  recognize({ files }) {
    const top = files.filter((name) => !name.includes("/"));
    const pictures = top.flatMap((name) => {
      const label = labelInName(name);
      return label === undefined ? [] : [{ name, label }];
    });
    return pictures.length > 0 && pictures.length === top.length ? pictures : undefined;
  },
};

/** What stands before the first `_`, `undefined` without one. */
export function labelInName(file: string): string | undefined {
  return /^([^_]+)_/.exec(file)?.[1];
}
