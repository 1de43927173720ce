import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDataset } from "./open-dataset.ts";
import { shippedData } from "./shipped-data.ts";

interface Row {
  readonly file: string;
  readonly label: number;
  readonly signer: number;
  readonly split: string;
}

const table = readFileSync(join(shippedData.get("hand-signs")!.path, "splits.csv"), "utf8");
const rows = table
  .trimEnd()
  .split("\n")
  .slice(1)
  .map((line): Row => {
    const [file, label, signer, split] = line.split(",");
    return { file: file!, label: Number(label), signer: Number(signer), split: split! };
  });

/** How ATTRIBUTION.md says the table was made. */
function recomputed(files: readonly string[]): string {
  const pictures = files
    .map((file) => ({ file, label: Number(file[0]), number: Number(/_(\d+)/.exec(file)![1]) }))
    .sort((a, b) => a.number - b.number);
  const signers: (typeof pictures)[] = [];
  for (const [i, picture] of pictures.entries()) {
    const before = pictures[i - 1];
    if (before && picture.label > before.label) signers.at(-1)!.push(picture);
    else signers.push([picture]);
  }
  const merged: (typeof pictures)[] = [];
  for (const group of signers) {
    const last = merged.at(-1);
    const touches = last?.at(-1)?.number === group[0]!.number - 1;
    const isApart = !last?.some(({ label }) => group.some((one) => one.label === label));
    if (last && touches && isApart) last.push(...group);
    else merged.push([...group]);
  }
  let after = 0;
  const lines = merged.toReversed().map((group, i) => {
    const split = after < 0.15 * files.length ? "test" : after < 0.25 * files.length ? "val" : "train";
    after += group.length;
    return group.map(({ file, label }) => `${file},${label},${merged.length - i},${split}`);
  });
  return ["file,label,signer,split", ...lines.toReversed().flat(), ""].join("\n");
}

describe("hand-signs", () => {
  test("the table is what the rule makes of the file names", () => {
    expect(recomputed(rows.map(({ file }) => file).sort())).toBe(table);
  });

  test("no signer is in two splits", () => {
    const splits = new Map<number, Set<string>>();
    for (const { signer, split } of rows) splits.set(signer, (splits.get(signer) ?? new Set()).add(split));
    expect(splits.size).toBe(212);
    expect([...splits.values()].every((set) => set.size === 1)).toBe(true);
  });

  test("opens whole: 1237 pictures of 64 x 64 in 6 classes", async () => {
    const { name, labels, splits, notes, duplicates } = await openDataset("hand-signs");
    expect(name).toBe("hand-signs");
    expect(labels).toEqual(["0", "1", "2", "3", "4", "5"]);
    expect([splits.train, splits.val!, splits.test].map((split) => split.names.length)).toEqual([925, 126, 186]);
    expect(notes).toEqual(["The splits are by signer: no hand of a test picture was trained on."]);
    expect(duplicates).toEqual([]);
    expect(splits.train.labels[0]).toBe(Number(splits.train.names[0]![0]));
  });
});
