import { labelInName } from "./labels-in-names.ts";
import type { Layout } from "./layout.ts";
import { splitOfFolder } from "./split-of-folder.ts";

/** A folder a split, the class before the first `_` of each file's name, as in SIGNS. */
export const labelsInSplitFolders: Layout = {
  pattern: "D/{train,val,test}*/{label}_*",
  recognize({ files }) {
    const nested = files.filter((name) => name.split("/").length === 2);
    const pictures = nested.flatMap((name) => {
      const [folder, file] = name.split("/");
      const split = splitOfFolder(folder);
      const label = labelInName(file!);
      return split && label !== undefined ? [{ name, label, split }] : [];
    });
    // All or nothing: `D/train/*` and `D/tram/*` are two classes.
    return pictures.length > 0 && pictures.length === nested.length ? pictures : undefined;
  },
};
