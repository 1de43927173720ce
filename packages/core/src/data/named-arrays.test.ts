import { describe, expect, test } from "vitest";
import { mergeArrays, type NamedArray, picturesOf } from "./named-arrays.ts";

const x = (count: number, ...size: number[]): NamedArray => ({
  shape: [count, ...size],
  type: "uint8",
  data: new Uint8Array([count, ...size].reduce((a, b) => a * b, 1)),
});
const y = (...data: number[]): NamedArray => ({ shape: [data.length], type: "int64", data: data.map(BigInt) });
const classes = (...data: string[]): NamedArray => ({ shape: [data.length], type: "S", data });
const open = (arrays: Record<string, NamedArray>) => picturesOf(new Map(Object.entries(arrays)), "a.h5");

describe("picturesOf", () => {
  test("labels are places in the list of classes", () => {
    const { pictures, labels } = open({
      train_set_x: x(2, 2, 3, 3),
      train_set_y: y(1, 0),
      list_classes: classes("dog", "cat"),
    });
    expect(labels).toEqual(["dog", "cat"]);
    expect(pictures.map(({ name, label, split, width, height }) => [name, label, split, width, height])).toEqual([
      ["train_set_x[0]", "cat", "train", 3, 2],
      ["train_set_x[1]", "dog", "train", 3, 2],
    ]);
  });

  test("without a list, labels are the numbers that occur", () => {
    const { pictures, labels } = open({ x_train: x(2, 1, 1, 1), y_train: y(10, 2), x_test: x(1, 1, 1), y_test: y(7) });
    expect(labels).toEqual(["2", "7", "10"]);
    expect(pictures.map(({ label, split }) => `${label} ${split}`)).toEqual(["10 train", "2 train", "7 test"]);
  });

  test.each<[string, Record<string, NamedArray>, RegExp]>([
    ["no pictures", { list_classes: classes("a", "b") }, /^a.h5: no pictures \(got list_classes/],
    ["no labels", { train_set_x: x(2, 1, 1, 3) }, /train_set_x: pictures without labels/],
    [
      "a label too few",
      { train_set_x: x(2, 1, 1, 3), train_set_y: y(1) },
      /train_set_y: not a label a picture of train_set_x \(got 1, wanted 2\)/,
    ],
    [
      "a label beyond the list",
      { train_set_x: x(1, 1, 1, 3), train_set_y: y(2), list_classes: classes("a", "b") },
      /train_set_y\[0\]: not a class \(got 2, wanted 0 to 1\)/,
    ],
    [
      "a class twice",
      { train_set_x: x(1, 1, 1, 3), train_set_y: y(0), list_classes: classes("a", "a") },
      /a class twice/,
    ],
    ["four channels", { train_set_x: x(1, 1, 1, 4), train_set_y: y(0) }, /not pictures \(got uint8 \[1, 1, 1, 4\]/],
    ["flat pictures", { train_set_x: x(1, 12288), train_set_y: y(0) }, /not pictures/],
    [
      "floats",
      { train_set_x: { shape: [1, 1, 1, 3], type: "float32", data: [0, 0, 0] }, train_set_y: y(0) },
      /not pictures \(got float32/,
    ],
  ])("refuses %s", (_, arrays, message) => expect(() => open(arrays)).toThrow(message));
});

describe("mergeArrays", () => {
  const file = (name: string, list: NamedArray) =>
    new Map([
      [name, y(1)],
      ["list_classes", list],
    ]);

  test("takes the same list of classes from both files of a pair", () => {
    const merged = mergeArrays([file("train_set_y", classes("a", "b")), file("test_set_y", classes("a", "b"))], "D");
    expect([...merged.keys()]).toEqual(["train_set_y", "list_classes", "test_set_y"]);
  });

  test.each([
    ["another list", file("test_set_y", classes("b", "a")), /an array in two files \(got list_classes/],
    ["the same split", file("train_set_y", classes("a", "b")), /an array in two files \(got train_set_y/],
  ])("refuses %s", (_, second, message) => {
    expect(() => mergeArrays([file("train_set_y", classes("a", "b")), second], "D")).toThrow(message);
  });
});
