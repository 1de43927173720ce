import { expect, test } from "vitest";
import { addClass, obstacle, removeClass, start, withClass } from "./state.ts";

const ready = start.classes.reduce((state, { id }) => withClass(state, id, { pictures: 3 }), start);

test("a lesson starts when every class has a name of its own and enough pictures", () => {
  expect(obstacle(start)).toBe("“this” has 0 of at least 3 pictures.");
  expect(obstacle(ready)).toBeUndefined();
  expect(obstacle(withClass(ready, 2, { label: " " }))).toBe("Every class needs a name.");
  expect(obstacle(withClass(ready, 2, { label: "this " }))).toBe("Two classes have the same name.");
});

test("classes come and go, but for the last two", () => {
  const three = addClass(ready);
  expect(three.classes.map(({ label }) => label)).toEqual(["this", "that", "class 3"]);
  expect(obstacle(three)).toMatch(/class 3/);
  expect(removeClass(three, 1).classes.map(({ id }) => id)).toEqual([2, 3]);
  expect(removeClass(ready, 1)).toBe(ready);
});
