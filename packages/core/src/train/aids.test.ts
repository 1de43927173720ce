import { expect, test } from "vitest";
import { stillRecipe } from "../augment/recipe.ts";
import type { HistoryRow } from "../report/history.ts";
import { classWeightsOf } from "./class-weights.ts";
import { stopReason } from "./early-stopping.ts";
import { parseRecipe } from "./parse-recipe.ts";
import { plateauFactor } from "./plateau.ts";
import { recipes } from "./recipe.ts";
import { updateOptionsOf } from "./update-recipe.ts";

const epochs = (...valLosses: readonly number[]): HistoryRow[] =>
  valLosses.map((valLoss, i) => ({
    ...{ epoch: i + 1, steps: 1, seconds: 1, loss: 9 - i, accuracy: 0, learningRate: 1 },
    ...{ valLoss, valAccuracy: 1 - valLoss / 10 },
  }));

test("early stopping waits `patience` epochs for a change of more than `minDelta`", () => {
  const rule = { monitor: "loss", patience: 2, minDelta: 0.1 } as const;
  expect(stopReason([], rule)).toBeUndefined();
  expect(stopReason(epochs(3, 2.95, 2.8), rule)).toBeUndefined();
  expect(stopReason(epochs(3, 2.95, 2.91), rule)).toMatch(/no better loss for 2 epochs, since epoch 1/);
  expect(stopReason(epochs(3, 2, 2, 2), { ...rule, monitor: "accuracy", minDelta: 0 })).toMatch(/since epoch 2/);
  const withoutVal = epochs(3, 3, 3).map(({ valLoss: _, valAccuracy: __, ...row }) => row);
  expect(stopReason(withoutVal, rule)).toBeUndefined();
});

test("the plateau schedule does what Keras' ReduceLROnPlateau does", () => {
  const rule = { monitor: "loss", factor: 0.5, patience: 2, minDelta: 1e-4, cooldown: 0, floor: 0 } as const;
  const losses = [3, 2, 2, 2, 2, 2, 1, 1, 1];
  // keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=2), learning rate after each epoch, from 1
  const factors = losses.map((_, i) => plateauFactor(epochs(...losses.slice(0, i + 1)), rule));
  expect(factors).toEqual([1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]);
  const cooled = losses.map((_, i) => plateauFactor(epochs(...losses.slice(0, i + 1)), { ...rule, cooldown: 2 }));
  expect(cooled).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25]);
});

test("balanced class weights are scikit-learn's", () => {
  const truth = Int32Array.of(0, 0, 0, 1);
  expect(classWeightsOf("balanced", truth, ["a", "b"])).toEqual([4 / 6, 2]); // compute_class_weight("balanced", ...)
  expect(classWeightsOf([1, 5], truth, ["a", "b"])).toEqual([1, 5]);
  expect(classWeightsOf(undefined, truth, ["a", "b"])).toBeUndefined();
  expect(() => classWeightsOf([1], truth, ["a", "b"])).toThrow(/a weight for each class: a, b \(got 1, wanted 2\)/);
});

test("a recipe takes what it lacks from its base; null takes a part away", () => {
  expect(parseRecipe({}, "r.json")).toMatchObject({ ...recipes.default, name: "r.json" });
  const tutorial = parseRecipe({ base: "tutorial", name: "t", schedule: { kind: "plateau", patience: 3 } }, "r.json");
  const schedule = {
    kind: "plateau",
    monitor: "loss",
    factor: 0.1,
    patience: 3,
    minDelta: 1e-4,
    cooldown: 0,
    floor: 0,
  };
  expect(tutorial).toMatchObject({ ...recipes.tutorial, name: "t", schedule });
  expect(parseRecipe({ augment: null }, "r.json").augment).toBeUndefined();
  expect(parseRecipe({ augment: { rotate: 30 } }, "r.json").augment).toEqual({ ...stillRecipe, rotate: 30 });
  const { gain, ...rest } = { gain: 0.2, offset: 0.1 }; // what brightness was called
  expect(parseRecipe({ augment: { gain, ...rest } }, "r.json").augment).toMatchObject({ brightness: gain, ...rest });
  expect(parseRecipe({ ema: { momentum: 0.9 } }, "r.json").ema).toEqual({ momentum: 0.9, warmup: true });
  expect(parseRecipe({ ema: null, clipNorm: null }, "r.json")).not.toMatchObject({ ema: {}, clipNorm: 1 });
});

test.each([
  [[], /r: no such recipe \(got \[\], wanted an object\)/],
  [{ base: "best" }, /r: base: .*"best", wanted default, tutorial/],
  [{ labelSmooth: 1 }, /got "labelSmooth", wanted fields name, .*labelSmoothing/],
  [{ labelSmoothing: 1 }, /r: labelSmoothing: .*below 1/],
  [{ augment: { rotate: "much" } }, /r: augment: rotate: .*"much"/],
  [{ augment: { mirror: true } }, /r: augment: .*"mirror"/],
  [{ augment: { gain: 0.1, brightness: 0.1 } }, /r: augment: .*"gain"/],
  [{ augment: { cutout: 1.5 } }, /r: augment: cutout: .*from 0 to 1/],
  [{ augment: { mixup: -1 } }, /r: augment: mixup: .*from 0 to 100/],
  [{ augment: { randAugment: { operations: 2 } } }, /r: augment: randAugment: .*"magnitude": 0 to 30/],
  [{ augment: { randAugment: { operations: 2, magnitude: 9, more: 1 } } }, /randAugment/],
  [{ schedule: { kind: "step" } }, /r: schedule: kind: .*constant, cosine, plateau/],
  [{ schedule: { kind: "cosine" } }, /warmupEpochs: .*undefined/],
  [{ schedule: null }, /schedule/],
  [{ keep: "all" }, /keep: .*"best" or "last"/],
  [{ earlyStopping: { patience: 0 } }, /patience: .*whole number from 1/],
  [{ classWeights: [1, -1] }, /classWeights/],
  [{ optimizer: "adma" }, /optimizer: unknown name \(got adma/],
  [{ optimizer: { name: "adam", weight_decay: 1 } }, /optimizer adam: unknown option \(got weight_decay/],
  [{ learningRate: 0 }, /learningRate: .*above 0/],
  [{ clipNorm: -1 }, /clipNorm: .*above 0/],
  [{ accumulate: 0 }, /accumulate: .*whole number from 1/],
  [{ ema: 0.99 }, /ema: .*an object/],
  [{ ema: { decay: 0.99 } }, /ema: .*"decay", wanted fields momentum, warmup/],
  [{ rates: [{ pattern: "(", factor: 1 }] }, /rates: .*a regular expression/],
  [{ name: 7 }, /name/],
])("the recipe %j is refused", (value, message) => expect(() => parseRecipe(value, "r")).toThrow(message));

test("the first rule that matches a weight's name sets its rate; a recipe's updates are the engines' options", () => {
  const rates = [
    { pattern: "^fc", factor: 1 },
    { pattern: "/kernel$", factor: 0.1 },
  ];
  const { rateFactor, ...rest } = updateOptionsOf({ ...recipes.default, rates });
  expect(["fc/kernel", "conv1/kernel", "conv1/bias"].map((name) => rateFactor!(name))).toEqual([1, 0.1, 1]);
  const { optimizer, clipNorm, ema } = recipes.default;
  expect(rest).toMatchObject({ optimizer, clipNorm, ema: ema.momentum, emaWarmup: true });
  expect(updateOptionsOf(recipes.tutorial)).toMatchObject({ optimizer: "adam" });
  expect(updateOptionsOf(recipes.tutorial)).not.toHaveProperty("ema");
});
