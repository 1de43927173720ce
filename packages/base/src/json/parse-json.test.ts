import { expect, test } from "vitest";
import { checkDepth, parseJson } from "./parse-json.ts";

test("JSON comes back as it is, keys such as __proto__ as own entries", () => {
  expect(parseJson('{"a": [1, null, "x"]}', "m.json")).toEqual({ a: [1, null, "x"] });
  expect(Object.keys(parseJson('{"__proto__": {"polluted": 1}}', "m.json") as object)).toEqual(["__proto__"]);
  expect(parseJson(`${"[".repeat(500)}${"]".repeat(500)}`, "m.json")).toHaveLength(1);
});

test.each([
  ["{", "m.json: config.json is not JSON"],
  ["", "m.json: config.json is not JSON"],
  [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, "m.json: config.json is nested too deeply (wanted 500 levels)"],
])("%.5s is refused", (text, message) => {
  expect(() => parseJson(text, "m.json", "config.json")).toThrow(
    expect.objectContaining({ code: "bad-input", message: expect.stringContaining(message) }),
  );
});

test("a circle is refused", () => {
  const circle: unknown[] = [];
  circle.push(circle, [circle]);
  expect(() => checkDepth(circle, "m.json")).toThrow("nested too deeply");
});
