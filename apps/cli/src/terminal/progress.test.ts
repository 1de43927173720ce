import { describe, expect, test } from "vitest";
import { duration, progress } from "./progress.ts";

function fakeIo(interactive: boolean) {
  const lines: string[] = [];
  const io = {
    interactive,
    out: () => undefined,
    err: (text: string) => void lines.push(`line ${text}`),
    status: (text: string) => void lines.push(`status ${text}`),
  };
  return { io, lines };
}

describe("progress", () => {
  test("rewrites one line on a terminal, and takes it away at the end", () => {
    const { io, lines } = fakeIo(true);
    const tell = progress(io, "pictures");
    tell(1, 2);
    tell(2, 2);
    expect(lines).toEqual(["status pictures: 1 of 2 (50 %)", "status "]);
  });

  test("is a line each tenth elsewhere, once it takes long", () => {
    const { io, lines } = fakeIo(false);
    let seconds = 0;
    const tell = progress(io, "pictures", () => seconds);
    for (let done = 1; done <= 100; done++) {
      seconds += 0.125;
      tell(done, 100);
    }
    expect(lines).toEqual([30, 40, 50, 60, 70, 80, 90, 100].map((done) => `line pictures: ${done} of 100 (${done} %)`));
  });
});

test.each([
  [0.4, "0 s"],
  [59.4, "59 s"],
  [125, "2 min 5 s"],
  [3780, "1 h 3 min"],
])("%d seconds are %s", (seconds, text) => expect(duration(seconds)).toBe(text));
