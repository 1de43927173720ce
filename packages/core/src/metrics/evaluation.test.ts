import { describe, expect, test } from "vitest";
import { evaluation } from "./evaluation.ts";

const probabilities = [
  [0.018, 0.741, 0.02, 0.221],
  [0.382, 0.106, 0.124, 0.388],
  [0.141, 0.609, 0.1, 0.15],
  [0.64, 0.119, 0.002, 0.239],
  [0.04, 0.067, 0.349, 0.544],
  [0.176, 0.069, 0.405, 0.35],
  [0.108, 0.242, 0.503, 0.147],
  [0.15, 0.021, 0.253, 0.576],
  [0.312, 0.679, 0.003, 0.006],
  [0.027, 0.013, 0.098, 0.862],
  [0.047, 0.372, 0.338, 0.243],
  [0.372, 0.245, 0.197, 0.186],
];
const truth = Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2, 2, 1, 0);
const flat = Float32Array.from(probabilities.flat());

describe("evaluation", () => {
  test("is scikit-learn's, a class that never occurs included", () => {
    const { loss, ...rest } = evaluation(flat, truth, ["a", "b", "c", "d"]);
    // scikit-learn 1.9.1: log_loss, confusion_matrix, precision_recall_fscore_support(zero_division=0)
    expect(loss).toBeCloseTo(2.4013344421837903, 5);
    expect(rest).toEqual({
      accuracy: 4 / 12,
      count: 12,
      correct: 4,
      labels: ["a", "b", "c", "d"],
      confusion: [
        [2, 1, 1, 0],
        [0, 1, 0, 3],
        [0, 2, 1, 1],
        [0, 0, 0, 0],
      ],
      perClass: [
        { label: "a", precision: 1, recall: 0.5, f1: 2 / 3, support: 4 },
        { label: "b", precision: 0.25, recall: 0.25, f1: 0.25, support: 4 },
        { label: "c", precision: 0.5, recall: 0.25, f1: 1 / 3, support: 4 },
        { label: "d", precision: 0, recall: 0, f1: 0, support: 0 },
      ],
    });
  });

  test("a certain miss costs what Keras says, not infinity", () => {
    const { loss } = evaluation(Float32Array.of(1, 0), Int32Array.of(1), ["a", "b"]);
    expect(loss).toBeCloseTo(16.118095, 5); // keras.losses.categorical_crossentropy([[0, 1]], [[1, 0]])
  });

  test("rows that don't quite sum to 1 are normalized", () => {
    expect(evaluation(Float32Array.of(2, 6), Int32Array.of(1), ["a", "b"]).loss).toBeCloseTo(-Math.log(0.75), 6);
  });

  test("a tie goes to the first class", () => {
    expect(evaluation(Float32Array.of(0.5, 0.5), Int32Array.of(0), ["a", "b"]).correct).toBe(1);
  });

  test.each<[string, number[], number[], string, RegExp]>([
    ["no pictures", [], [], "bad-input", /no pictures to judge/],
    ["a value too few", [0.5, 0.5, 1], [0, 1], "bad-input", /got 3 values, wanted 2 x 2/],
    ["a class beyond the labels", [0.5, 0.5], [2], "bad-input", /not a class \(got 2, wanted 0 to 1\)/],
    ["a negative class", [0.5, 0.5], [-1], "bad-input", /not a class/],
    ["NaN", [1, 0, Number.NaN, 1], [0, 0], "failed", /picture 1: .*no probabilities \(got NaN, 1/],
    ["logits", [-1, 2], [0], "failed", /does the model end in a softmax/],
    ["nothing but zeros", [0, 0], [0], "failed", /no probabilities/],
  ])("refuses %s", (_, values, labels, code, message) => {
    const run = () => evaluation(Float32Array.from(values), Int32Array.from(labels), ["a", "b"]);
    expect(run).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});
