import type { Layout } from "./layout.ts";
import { splitOfFolder } from "./split-of-folder.ts";

/** A folder a split, in it a folder a class. */
export const splitFolders: Layout = {
  pattern: "D/{train,val,test}/{class}/*",
  recognize({ files }) {
    const pictures = files.flatMap((name) => {
      const [folder, label, ...rest] = name.split("/");
      const split = splitOfFolder(folder);
      return split && label !== undefined && rest.length === 1 ? [{ name, label, split }] : [];
    });
    return pictures.length > 0 ? pictures : undefined;
  },
};
