import { ResonnxError } from "@resonnx/base";

/** The classes that a model and a data set have in common. */
export interface ClassMap {
  /** In the order of the model's output. */
  readonly labels: readonly string[];
  /** The model's class for each class of the data set. */
  readonly classOf: readonly number[];
}

/**
 * How a data set's classes are the model's: by name where the file has labels, else in the same order. Throws `bad-input`
 * when they don't fit. `columns` is the size of the model's output; 1 is a sigmoid, which tells two classes apart.
 */
export function mapClasses(model: readonly string[] | undefined, data: readonly string[], columns: number): ClassMap {
  const labels = model ?? data;
  if (labels.length !== Math.max(2, columns)) {
    throw new ResonnxError("bad-input", {
      where: "classes",
      what: "the model's output and the classes don't match",
      got: `${columns} outputs for ${labels.length} classes (${labels.join(", ")})`,
      hint: "evaluate with the data that the model was made for",
    });
  }
  const strange = data.filter((label) => !labels.includes(label));
  if (strange.length === 0) return { labels, classOf: data.map((label) => labels.indexOf(label)) };
  throw new ResonnxError("bad-input", {
    where: "classes",
    what: "the data has classes that the model doesn't know",
    got: strange.join(", "),
    wanted: labels.join(", "),
  });
}

/** Rows of class probabilities, two columns where a sigmoid gives the second class' alone. */
export function asClasses(scores: Float32Array, columns: number): Float32Array {
  if (columns !== 1) return scores;
  const both = new Float32Array(2 * scores.length);
  scores.forEach((score, i) => {
    both.set([1 - score, score], 2 * i);
  });
  return both;
}
