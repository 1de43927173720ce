import { ResonnxError } from "@resonnx/base";

/** The distinct labels: by value when all are numbers, by code unit (the same on every machine) otherwise. */
export function labelsOf(pictures: readonly { readonly label: string }[]): string[] {
  const labels = [...new Set(pictures.map(({ label }) => label))];
  return labels.every((label) => /^\d+$/.test(label))
    ? labels.sort((a, b) => Number(a) - Number(b))
    : labels.sort((a, b) => (a < b ? -1 : 1));
}

/** Throws `bad-input` unless there are at least two classes. */
export function checkLabels(labels: readonly string[], where: string): void {
  if (labels.length >= 2) return;
  throw new ResonnxError("bad-input", {
    where,
    what: "a classifier needs at least two classes",
    got: labels.length === 0 ? "none" : `only ${JSON.stringify(labels[0])}`,
    wanted: "two or more",
    hint: "put the pictures of each class into a folder of its own",
  });
}
