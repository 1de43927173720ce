import { describe, expect, test } from "vitest";
import { formatHistory, type HistoryRow, parseHistory, waitingShare } from "./history.ts";

const rows: HistoryRow[] = [
  {
    epoch: 1,
    steps: 34,
    seconds: 21.5,
    loss: 1.79234567890123,
    accuracy: 1 / 3,
    valLoss: 2,
    valAccuracy: 0.5,
    learningRate: 1e-3,
  },
  { epoch: 2, steps: 34, seconds: 20, loss: 0.5, accuracy: 1, valLoss: 1e-7, valAccuracy: 1, learningRate: 5e-8 },
];

describe("history.csv", () => {
  test("is the contract's columns", () => {
    expect(formatHistory(rows)).toBe(
      "epoch,steps,seconds,loss,accuracy,val_loss,val_accuracy,learning_rate\n" +
        "1,34,21.5,1.79234567890123,0.3333333333333333,2,0.5,0.001\n" +
        "2,34,20,0.5,1,1e-7,1,5e-8\n",
    );
  });

  test("reads back exactly", () => expect(parseHistory(formatHistory(rows))).toEqual(rows));

  test("val_* are empty without a validation split", () => {
    const row: HistoryRow = { epoch: 1, steps: 34, seconds: 21.5, loss: 0.25, accuracy: 0.75, learningRate: 1e-3 };
    expect(formatHistory([row]).split("\n")[1]).toBe("1,34,21.5,0.25,0.75,,,0.001");
    expect(parseHistory(formatHistory([row]))).toEqual([row]);
  });

  test("no epochs yet", () => expect(parseHistory(formatHistory([]))).toEqual([]));

  const header = formatHistory([]);
  test.each([
    ["", /history.csv: another header \(got ""/],
    ["epoch,loss\n1,2\n", /another header/],
    [`${header}1,2,3\n`, /line 2: not a row/],
    [`${header}1,34,x,1,1,,,0.1\n`, /line 2: seconds is no number \(got "x"/],
    [`${header}1,34,1,,1,,,0.1\n`, /line 2: loss is no number \(got ""/],
    [`${header}1,34,1,1,1,0.5,,0.1\n`, /val_accuracy is no number/],
    [`${header}2,34,1,1,1,,,0.1\n`, /epochs don't count up \(got "2", wanted 1\)/],
  ])("refuses %j", (text, message) => expect(() => parseHistory(text)).toThrow(message));
});

describe("waitingShare", () => {
  const [first, second] = rows as [HistoryRow, HistoryRow];

  test("is of all measured seconds, not the mean of the epochs' shares", () => {
    const timed = [
      { ...first, seconds: 10, waiting: 5 },
      { ...second, seconds: 30, waiting: 1 },
    ];
    expect(waitingShare(timed)).toBe(0.15);
    expect(waitingShare([{ ...first, waiting: 0 }])).toBe(0);
  });

  test("epochs that didn't measure it count neither way", () => {
    expect(waitingShare([first, { ...second, seconds: 8, waiting: 2 }])).toBe(0.25);
    expect(waitingShare(rows)).toBeUndefined();
    expect(waitingShare([])).toBeUndefined();
  });
});
