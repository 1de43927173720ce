import { expect, test } from "vitest";
import { ResonnxError, reasonOf, throwIfAborted } from "./error.ts";

test("the message is where, what, got, wanted and hint, as far as there are", () => {
  const facts = { where: "model.onnx", what: "not a model", got: "a JPEG", wanted: "ONNX", hint: "choose another" };
  expect(new ResonnxError("bad-input", facts).message).toBe(
    "model.onnx: not a model (got a JPEG, wanted ONNX); choose another",
  );
  expect(new ResonnxError("failed", { where: "run", what: "broke" }).message).toBe("run: broke");
});

test("one line, without control characters that quoted input brought", () => {
  const { message } = new ResonnxError("bad-input", { where: "f", what: "two\n  lines", got: "\u001b[31mred\u0007" });
  expect(message).toBe("f: two lines (got \ufffd[31mred\ufffd)");
});

test("the cause stays", () => {
  const cause = new Error("underneath");
  expect(new ResonnxError("failed", { where: "a", what: "b", cause }).cause).toBe(cause);
});

test("reasonOf takes anything; throwIfAborted throws once the signal has fired", () => {
  expect([reasonOf(new Error("why")), reasonOf("text"), reasonOf(undefined)]).toEqual(["why", "text", "undefined"]);
  const stop = new AbortController();
  throwIfAborted(stop.signal, "job");
  throwIfAborted(undefined, "job");
  stop.abort();
  expect(() => throwIfAborted(stop.signal, "job")).toThrow(expect.objectContaining({ code: "aborted" }));
});
