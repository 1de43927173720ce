import { expect, test } from "vitest";
import { asClasses, mapClasses } from "./labels.ts";

test("classes are matched by name", () => {
  expect(mapClasses(["b", "a", "c"], ["a", "b"], 3)).toEqual({ labels: ["b", "a", "c"], classOf: [1, 0] });
});

test("without the model's labels the data's are taken in order", () => {
  expect(mapClasses(undefined, ["a", "b"], 2)).toEqual({ labels: ["a", "b"], classOf: [0, 1] });
});

test("a sigmoid's score is the second class'", () => {
  expect(mapClasses(undefined, ["no", "yes"], 1).labels).toEqual(["no", "yes"]);
  expect(asClasses(Float32Array.of(0.25, 1), 1)).toEqual(Float32Array.of(0.75, 0.25, 0, 1));
  const rows = Float32Array.of(0.1, 0.9);
  expect(asClasses(rows, 2)).toBe(rows);
});

test.each([
  [undefined, ["a", "b"], 3, /3 outputs for 2 classes/],
  [["a", "b", "c"], ["a"], 2, /2 outputs for 3 classes/],
  [["a", "b"], ["a", "x"], 2, /doesn't know \(got x, wanted a, b\)/],
  [undefined, ["a", "b", "c"], 1, /1 outputs for 3 classes/],
])("%j with %j and %d outputs is refused", (model, data, columns, message) => {
  expect(() => mapClasses(model, data, columns)).toThrow(message);
});
