import { expect, test } from "vitest";
import { table } from "./table.ts";

test("text to the left, numbers to the right", () => {
  expect(
    table(
      ["Name", "Count", "Note"],
      [
        ["a", "7", ""],
        ["longer", "1,234", "x"],
      ],
    ),
  ).toBe(["Name    Count  Note", "------  -----  ----", "a           7", "longer  1,234  x"].join("\n"));
});

test("no rows are a header", () => expect(table(["A", "B"], [])).toBe("A  B\n-  -"));
