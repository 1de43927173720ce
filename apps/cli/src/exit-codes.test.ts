import { ResonnxError } from "@resonnx/base";
import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { exitCodeOf, exitCodes, messageOf } from "./exit-codes.ts";

const facts = { where: "a.h5", what: "is broken", got: "3", wanted: "4", hint: "save it again" };

test("the codes are the contract's", () => {
  expect(exitCodes).toEqual({
    "bad-input": 2,
    "not-found": 2,
    unsupported: 1,
    unavailable: 1,
    failed: 1,
    aborted: 130,
    internal: 70,
  });
});

test.each([
  [new ResonnxError("bad-input", facts), 2, /^error: a\.h5: is broken \(got 3, wanted 4\); save it again$/],
  [
    new CommanderError(1, "commander.unknownOption", "error: unknown option '--dta'\n(Did you mean --data?)"),
    2,
    /^error: unknown option '--dta' \(Did you mean --data\?\); see --help$/,
  ],
  [new CommanderError(0, "commander.version", "1.0.0"), 0, /^$/],
  [new CommanderError(1, "commander.help", "(outputHelp)"), 2, /^$/],
  [new DOMException("This operation was aborted", "AbortError"), 130, /^error: This operation was aborted$/],
  [new TypeError("x is not a function"), 70, /^TypeError: x is not a function\n +at /],
  [new ResonnxError("internal", facts), 70, /is broken.*\n +at /],
  ["thrown text", 70, /^thrown text$/],
])("%s", (error, code, message) => {
  expect(exitCodeOf(error)).toBe(code);
  expect(messageOf(error)).toMatch(message);
});
