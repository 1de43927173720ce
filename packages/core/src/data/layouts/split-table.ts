import { ResonnxError } from "@resonnx/base";
import { type Labelled, SPLIT_NAMES } from "../dataset.ts";
import type { Layout } from "./layout.ts";

/** A table beside the pictures says it all: columns `file`, `label` and `split`, others are for people. */
export const splitTable: Layout = {
  pattern: "D/splits.csv (file,label,split) and the pictures it names",
  recognize({ files, splitsCsv }) {
    if (splitsCsv === undefined) return undefined;
    const present = new Set(files);
    const [header = "", ...rows] = splitsCsv.split(/\r?\n/).filter((line) => line !== "");
    const columns = header.split(",");
    const [file, label, split] = ["file", "label", "split"].map((name) => {
      const column = columns.indexOf(name);
      if (column < 0) throw bad("the header lacks a column", header, name);
      return column;
    });
    const listed = new Set<string>();
    return rows.map((row): Labelled => {
      const cells = row.split(",");
      if (cells.length !== columns.length) throw bad("a row doesn't fit the header", row, `${columns.length} cells`);
      const name = cells[file!]!;
      if (!present.has(name)) throw bad("a picture that isn't there", name, "a .jpg, .png or .webp beside the table");
      // Twice in one split it would count double; in two, it would be tested after it was trained on.
      if (listed.has(name)) throw bad("a picture twice", row, "one row for each");
      listed.add(name);
      const known = SPLIT_NAMES.find((one) => one === cells[split!]);
      if (!known) throw bad("an unknown split", row, SPLIT_NAMES.join(", "));
      if (cells[label!]!.trim() === "") throw bad("a row without a label", row, "the picture's class");
      return { name, label: cells[label!]!, split: known };
    });
  },
};

function bad(what: string, got: string, wanted: string): ResonnxError {
  return new ResonnxError("bad-input", { where: "splits.csv", what, got: JSON.stringify(got), wanted });
}
