import { expect, test } from "vitest";
import { evaluation } from "./evaluation.ts";
import { evaluationWithDuplicates } from "./evaluation-with-duplicates.ts";

const labels = ["a", "b"];
const probabilities = Float32Array.of(0.9, 0.1, 0.4, 0.6, 0.8, 0.2, 0.3, 0.7);
const split = { names: ["1", "2", "3", "4"], labels: Int32Array.of(0, 0, 1, 1) };
const judged = (...duplicates: string[]) => evaluationWithDuplicates(probabilities, split, labels, duplicates);

test("the rest is judged as if the duplicates weren't there", () => {
  const { withoutDuplicates, ...all } = judged("1", "4", "stranger");
  expect(all).toEqual(evaluation(probabilities, split.labels, labels));
  const loss = -(Math.log(0.4) + Math.log(0.2)) / 2; // both of the others are wrong
  expect(withoutDuplicates).toEqual({ loss: expect.closeTo(loss, 6), accuracy: 0, count: 2, correct: 0 });
});

test.each([[[]], [["1", "2", "3", "4"]]])("nothing is said when %j are duplicates", (duplicates) => {
  expect(judged(...duplicates)).not.toHaveProperty("withoutDuplicates");
});
