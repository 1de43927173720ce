import { expect, test } from "vitest";
import { hash } from "./hash.ts";

/** From a Python transcription of the two published definitions. */
test.each([
  ["", 0xab3e7c0b],
  ["a", 0x1a80b1b3],
  ["cats/1.jpg", 0x47257016],
  ["cats/2.jpg", 0xe4826fcd],
  ["\u00e9.png", 0x124f6fe7],
])("hash of %j", (text, wanted) => expect(hash(text)).toBe(wanted));

test("a decomposed name is the composed one", () => expect(hash("e\u0301.png")).toBe(hash("\u00e9.png")));
