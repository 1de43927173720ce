import { expect, test } from "vitest";
import { streamIo } from "./io.ts";

function fake(isTTY: boolean, columns = 20) {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written) => ({
    isTTY,
    columns,
    write: (text: string) => {
      written[name] += text;
    },
  });
  return { io: streamIo(stream("stdout"), stream("stderr")), written };
}
const CLEAR = "\r\u001b[2K";

test("results and words for people go to different streams", () => {
  const { io, written } = fake(false);
  io.out("result");
  io.err("note");
  io.status("progress");
  expect(written).toEqual({ stdout: "result\n", stderr: "note\n" });
});

test("on a terminal the status is one line, which gives way to others", () => {
  const { io, written } = fake(true);
  io.status("1 of 2");
  io.status("2 of 2");
  io.err("note");
  io.out("result");
  expect(written).toEqual({ stdout: "result\n", stderr: `1 of 2${CLEAR}2 of 2${CLEAR}note\n2 of 2${CLEAR}` });
});

test("a status is never longer than the terminal is wide", () => {
  const { io, written } = fake(true, 8);
  io.status("0123456789");
  expect(written.stderr).toBe("0123456");
});
