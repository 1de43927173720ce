import { expect, test } from "vitest";
import { inTurn } from "./held-out.ts";

test("the classes come in turn", () => {
  expect(inTurn(Int32Array.of(0, 0, 0, 1, 2, 1), 3, 5)).toEqual([0, 3, 4, 1, 5]);
  expect(inTurn(Int32Array.of(1), 2, 5)).toEqual([0]);
});
