import type { TrainEvent } from "@resonnx/core";
import { expect, test } from "vitest";
import { trainingProgress } from "./training-text.ts";

const step = (at: number): TrainEvent => ({
  is: "step",
  epoch: 2,
  epochs: 7,
  step: at,
  steps: 40,
  loss: 0.51234,
  accuracy: 0.875,
  stepsPerSecond: at === 1 ? 0 : 1.5,
  secondsLeft: 200,
});
const row = { epoch: 2, steps: 40, seconds: 27, loss: 0.4, accuracy: 0.9, learningRate: 0.001 };

function told(interactive: boolean, events: readonly TrainEvent[]): string[] {
  const lines: string[] = [];
  const tell = trainingProgress({
    interactive,
    out: (text) => void lines.push(`out ${text}`),
    err: (text) => void lines.push(text),
    status: (text) => void lines.push(`status ${text}`),
  });
  for (const event of events) tell(event);
  return lines;
}

test("on a terminal every step rewrites the line", () => {
  expect(told(true, [{ is: "note", text: "engine onnx" }, step(1), step(2)])).toEqual([
    "engine onnx",
    "status epoch 2/7  step 1/40  loss 0.5123  accuracy 87.50 %",
    "status epoch 2/7  step 2/40  loss 0.5123  accuracy 87.50 %  1.50 steps/s  3 min 20 s left",
  ]);
});

test("elsewhere there is a line each tenth of an epoch", () => {
  const lines = told(
    false,
    Array.from({ length: 40 }, (_, i) => step(i + 1)),
  );
  expect(lines.map((line) => /step (\d+)/.exec(line)?.[1])).toEqual([
    "4",
    "8",
    "12",
    "16",
    "20",
    "24",
    "28",
    "32",
    "36",
    "40",
  ]);
});

test.each([
  [row, "epoch 2/7 done  loss 0.4000  accuracy 90.00 %  27 s"],
  [{ ...row, waiting: 1 }, "epoch 2/7 done  loss 0.4000  accuracy 90.00 %  27 s"],
  [{ ...row, waiting: 2.7 }, "epoch 2/7 done  loss 0.4000  accuracy 90.00 %  27 s, 10.00 % of it waiting for pictures"],
  [
    { ...row, valLoss: 0.3, valAccuracy: 0.95 },
    "epoch 2/7 done  loss 0.4000  accuracy 90.00 %  val_loss 0.3000  val_accuracy 95.00 %  27 s",
  ],
])("an epoch ends with its row", (ended, line) => {
  expect(told(false, [{ is: "epoch", epochs: 7, row: ended }]).at(-1)).toBe(line);
});
