import type { Layout } from "./layout.ts";

/** A folder a class. */
export const classFolders: Layout = {
  pattern: "D/{class}/*",
  recognize({ files }) {
    const pictures = files.flatMap((name) => {
      const [label, ...rest] = name.split("/");
      return label !== undefined && rest.length === 1 ? [{ name, label }] : [];
    });
    return pictures.length > 0 ? pictures : undefined;
  },
};
