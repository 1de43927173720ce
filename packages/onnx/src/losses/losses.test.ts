import { expect, test } from "vitest";
import { type LossName, losses, lossOf } from "./index.ts";

test("options by the names that losses give them", () => {
  expect(lossOf({ name: "huber", delta: 2 }).labels).toBe("values");
  expect(lossOf({ name: "sparseCategoricalCrossentropy", fromLogits: true, labelSmoothing: 0.1 }).labels).toBe(
    "classes",
  );
  for (const name of Object.keys(losses) as LossName[]) expect(lossOf({ name }).labels).toBe(lossOf(name).labels);
});

test("names, options and numbers that a loss does not have are refused", () => {
  // @ts-expect-error: no such loss
  expect(() => lossOf("mse")).toThrow("loss: unknown name (got mse, wanted binaryCrossentropy, ");
  const misspelt = { name: "categoricalCrossentropy", label_smoothing: 0.1 } as const;
  expect(() => lossOf(misspelt)).toThrow(
    "loss categoricalCrossentropy: unknown option (got label_smoothing, wanted labelSmoothing, fromLogits)",
  );
  const strange = { name: "hinge", delta: 1 } as const;
  expect(() => lossOf(strange)).toThrow("loss hinge: unknown option (got delta, wanted none)");
  expect(() => lossOf({ name: "binaryCrossentropy", labelSmoothing: 1 })).toThrow("below 1");
});
