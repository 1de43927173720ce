import { ResonnxError } from "@resonnx/base";
import type { Labelled } from "../dataset.ts";
import { classFolders } from "./class-folders.ts";
import { labelsInNames } from "./labels-in-names.ts";
import { labelsInSplitFolders } from "./labels-in-split-folders.ts";
import type { Folder, Layout } from "./layout.ts";
import { splitFolders } from "./split-folders.ts";
import { splitTable } from "./split-table.ts";

/** In this order, since the first that recognizes a folder wins: what says more comes before what says less. */
export const layouts: readonly Layout[] = [splitTable, splitFolders, labelsInSplitFolders, classFolders, labelsInNames];

/** The folder's labelled pictures and the pictures that its layout has no place for. Throws `bad-input` without any. */
export function catalog(folder: Folder, where: string): { pictures: readonly Labelled[]; leftOut: readonly string[] } {
  for (const layout of layouts) {
    const pictures = layout.recognize(folder);
    if (!pictures) continue;
    if (pictures.length === folder.files.length) return { pictures, leftOut: [] }; // a million names need no set
    const used = new Set(pictures.map(({ name }) => name));
    return { pictures, leftOut: folder.files.filter((file) => !used.has(file)) };
  }
  throw new ResonnxError("bad-input", {
    where,
    what: folder.files.length === 0 ? "no pictures" : "pictures without classes",
    got: folder.files.length === 0 ? "no .jpg, .png or .webp" : folder.files.slice(0, 3).join(", "),
    wanted: layouts.map(({ pattern }) => pattern).join(" or "),
    hint: "put the pictures of each class into a folder of its own",
  });
}
