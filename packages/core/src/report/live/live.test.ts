import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { StepEvent, TrainEvent } from "../../train/progress.ts";
import { LIVE_START, type LiveState, nextLiveState } from "./live-state.ts";
import { liveCurves, liveNow, livePage } from "./render-live.ts";

const step = (epoch: number, number: number): StepEvent => ({
  is: "step",
  epoch,
  epochs: 4,
  step: number,
  steps: 10,
  loss: 1 / number,
  accuracy: 0.5,
  stepsPerSecond: 2,
  secondsLeft: 100,
});
const epoch = (number: number): TrainEvent => ({
  is: "epoch",
  epochs: 4,
  row: { epoch: number, steps: 10, seconds: 5, loss: 1, accuracy: 0.5, learningRate: 0.001 },
});
const after = (...events: readonly TrainEvent[]): LiveState => events.reduce(nextLiveState, LIVE_START);
const textOf = (html: string) => parseHTML(`<html><body>${html}</body></html>`).document.body.textContent;

describe("nextLiveState", () => {
  test("keeps the epochs of one run, and begins anew with the next one's", () => {
    const first = after(step(1, 10), epoch(1), step(2, 10), epoch(2));
    expect(first.history.map((row) => row.epoch)).toEqual([1, 2]);
    expect(nextLiveState(first, step(1, 1)).history).toEqual([]);
    expect(nextLiveState(first, step(3, 1)).history).toBe(first.history);
    expect(after(epoch(3), epoch(4)).history.map((row) => row.epoch)).toEqual([3, 4]); // resumed
  });

  test("keeps the last notes only", () => {
    const { notes } = after(...Array.from({ length: 60 }, (_, i): TrainEvent => ({ is: "note", text: `${i}` })));
    expect([notes.length, notes.at(-1)]).toEqual([50, "59"]);
  });
});

describe("a live page", () => {
  test("says how far the run is, then how it ended, with names escaped", async () => {
    const state = after({ is: "note", text: "<b>bold</b>" }, step(2, 5));
    const { document } = parseHTML(await livePage("net on <pictures>", state));
    expect(document.querySelector("h1")?.textContent).toBe("net on <pictures>");
    expect(document.querySelector("progress")?.getAttribute("value")).toBe("15"); // 10 steps of epoch 1, 5 of epoch 2
    expect(document.querySelector("progress")?.getAttribute("max")).toBe("40");
    expect(document.querySelector("li")?.textContent).toBe("<b>bold</b>");
    expect(textOf(liveNow(state))).toMatch(/epoch2 of 4\s+step5 of 10\s+loss0.2000\s+accuracy50.00 %.*time left2 min/s);
    const end = textOf(liveNow({ ...state, end: { how: "stopped", text: "Go on with <--resume>." } }));
    expect(end).toContain("The training has been stopped. Go on with <--resume>.");
    expect(end).not.toContain("time left");
    expect(textOf(liveNow({ ...LIVE_START, end: { how: "failed", text: "No pictures." } }))).toContain(
      "has failed. No pictures.",
    );
  });

  test("draws curves over all epochs to come, and lists those that are done", async () => {
    expect(await liveCurves(after(step(1, 3)))).toBe("");
    const { document } = parseHTML(
      `<html><body>${await liveCurves(after(step(1, 10), epoch(1), epoch(2)))}</body></html>`,
    );
    expect(document.querySelectorAll("svg")).toHaveLength(3);
    expect(
      [...document.querySelectorAll('svg g[data-mark="x-axis tick label"] text')].slice(0, 4).map((t) => t.textContent),
    ).toEqual(["1", "2", "3", "4"]);
    expect([...document.querySelectorAll("tbody th")].map((th) => th.textContent)).toEqual(["2", "1"]);
  });
});
