import { ResonnxError } from "@resonnx/base";
import { type Dataset, SPLIT_NAMES } from "../../../data/dataset.ts";

/** What can be done where a split is empty. */
const HINTS = {
  train: "such data can only be evaluated on",
  test: "a share of the pictures is taken where there is no such split: give it more of them",
} as const;

/** Throws `bad-input` naming the first of these splits that has no pictures. */
export function checkSplits({ name, splits }: Dataset, needed: readonly (keyof typeof HINTS)[]): void {
  const empty = needed.find((split) => splits[split].names.length === 0);
  if (empty === undefined) return;
  const got = SPLIT_NAMES.map((split) => `${splits[split]?.names.length ?? 0} for ${split}`).join(", ");
  const wanted = `pictures for ${needed.join(" and ")}`;
  throw new ResonnxError("bad-input", {
    where: name,
    what: `no pictures for ${empty}`,
    got,
    wanted,
    hint: HINTS[empty],
  });
}
