import { join } from "node:path";
import { exportModel } from "@resonnx/export";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { testFolder } from "../../../testing/folder.ts";
import { tinyResNet } from "../../../testing/tiny.ts";
import { tinyRun } from "../../../testing/tiny-run.ts";
import { recipes } from "../../../train/recipe.ts";
import { type RateSearch, searchLearningRate } from "./search-learning-rate.ts";

tf.enableProdMode(); // no banner

const quick: RateSearch = {
  ...tinyRun,
  steps: 4,
};

test("frozen weights and saved memory are those of a run", async () => {
  const all = await searchLearningRate(quick);
  const frozen = await searchLearningRate({ ...quick, freeze: "^(?!fc)" });
  expect(frozen.points[0]!.loss).not.toBe(all.points[0]!.loss); // frozen normalizations work as at inference
  expect(await searchLearningRate({ ...quick, saveMemory: true })).toEqual(all);
});

test.each<[Partial<RateSearch>, RegExp]>([
  [{ freeze: "nothing" }, /--freeze: matches no weight of the model/],
  [{ freeze: "." }, /--freeze: leaves nothing to train/],
  [{ recipe: { ...recipes.default, rates: [{ pattern: "none", factor: 2 }] } }, /recipe: rates: matches no weight/],
])("%j is refused as a run refuses it", async (change, message) => {
  await expect(searchLearningRate({ ...quick, ...change })).rejects.toThrow(message);
});

test("a network besides that of a trained model is refused", async () => {
  const { bytes } = await exportModel(tinyResNet());
  const init = join(testFolder({ "tiny.onnx": bytes }), "tiny.onnx");
  await expect(searchLearningRate({ ...quick, init })).rejects.toThrow(/--model: can't be given with --init/);
});
