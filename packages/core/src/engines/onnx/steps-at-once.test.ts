// The graphs for CUDA, on onnxruntime's CPU: what they compute doesn't depend on the device.
import * as tf from "@tensorflow/tfjs";
import { expect, test, vi } from "vitest";
import { tinyResNet, tinySplit } from "../../testing/tiny.ts";
import { openOnnx, uniform } from "../../testing/train.ts";
import { Batches } from "../../train/batches.ts";
import { MemoryStore } from "../../train/memory-store.ts";
import { recipes } from "../../train/recipe.ts";
import { train } from "../../train/train.ts";
import { updateOptionsOf } from "../../train/update-recipe.ts";
import type { StepJob, TrainingJob, TrainingSession } from "../engine.ts";
import { Stepper } from "./stepper.ts";
import { stepsAtOnce } from "./steps-at-once.ts";

const TIMES = stepsAtOnce.cuda;
const size = { width: 8, height: 8 };
const split = tinySplit(4 * TIMES + 10, 3); // a call of steps, two steps, and a batch of 2
const options = { split, size, classes: 3, batchSize: 4, seed: 5, recipe: recipes.default };
const batches = new Batches(options);

/** Steps `from` and following, each with a rate of its own. */
const jobsFrom = (from: number): Promise<StepJob[]> =>
  Promise.all(
    Array.from({ length: TIMES }, async (_, i) => ({
      batch: (await batches.at(0, from + i)).batch,
      learningRate: 0.01 / (1 + from + i),
    })),
  );

const update = updateOptionsOf(recipes.default);

const withDropout = (): TrainingJob => {
  const model = tf.sequential({ name: "dropout" });
  model.add(tf.layers.flatten({ name: "flat", inputShape: [8, 8, 3] }));
  model.add(tf.layers.dense({ name: "hidden", units: 6, activation: "relu" }));
  model.add(tf.layers.dropout({ name: "dropout", rate: 0.5 }));
  model.add(tf.layers.dense({ name: "fc", units: 3, activation: "softmax" }));
  return { model, optimizer: "adam", batchSize: 4 };
};

const trainings: Record<string, () => TrainingJob> = {
  "a ResNet by the default recipe": () => ({ model: tinyResNet(), ...update, batchSize: 4 }),
  "class weights": () => ({ model: tinyResNet(), optimizer: "sgd", batchSize: 4, classWeights: [1, 2, 3] }),
  "new random numbers in every step": withDropout,
};

test.each(Object.keys(trainings))("steps at once give what they give one by one, to the bit: %s", async (name) => {
  const job = trainings[name]!();
  const together = await openOnnx(job, "cuda");
  const alone = await openOnnx(job, "cuda");
  const jobs = await jobsFrom(0);
  const expected = [];
  for (const { batch, learningRate } of jobs) expected.push(await alone.step(batch, learningRate));
  const runs = vi.spyOn(Stepper.prototype, "run");
  expect(await together.steps(jobs)).toEqual(expected);
  expect(runs).toHaveBeenCalledOnce();
  runs.mockRestore();
  expect(await together.state()).toEqual(await alone.state());
  const { batch } = await batches.at(0, batches.steps - 1);
  expect(batch.count).toBe(2);
  expect(await together.steps([{ batch, learningRate: 0.01 }])).toEqual([await alone.step(batch, 0.01)]);
  expect(await together.state()).toEqual(await alone.state());
});

test("a loss that isn't finite ends them at its own step, with the weights from before it", async () => {
  const job = { model: tinyResNet(), optimizer: "adam", batchSize: 4 } as const;
  const together = await openOnnx(job, "cuda");
  const alone = await openOnnx(job, "cuda");
  const jobs = await jobsFrom(0);
  for (const { batch, learningRate } of jobs.slice(0, 5)) await alone.step(batch, learningRate);
  const bad = { ...jobs[5]!, batch: { ...jobs[5]!.batch, inputs: uniform(4 * 8 * 8 * 3, 1).fill(Number.NaN, 7, 8) } };
  await expect(together.steps(jobs.with(5, bad))).rejects.toThrow(
    'step 6: the loss is not a finite number: "input_1" of this batch has numbers that are not finite',
  );
  const [got, wanted] = [await together.state(), await alone.state()];
  expect(got.step).toBe(5);
  for (const name of ["conv1/kernel", "bn2/gamma", "fc/bias"]) expect(got.arrays[name]).toEqual(wanted.arrays[name]);
});

test("a training takes as many steps at once as its session likes", async () => {
  const run = async (atOnce: (session: TrainingSession) => TrainingSession) => {
    const session = await openOnnx({ model: tinyResNet(), ...update, batchSize: 4 }, "cuda");
    const shown: number[] = [];
    const { position } = await train({
      ...options,
      session: atOnce(session),
      train: split,
      val: undefined,
      labels: ["0", "1", "2"],
      epochs: 2,
      learningRate: 0.01,
      store: new MemoryStore(),
      onProgress: (event) => event.is === "step" && shown.push(event.step),
    });
    const history = position.history.map(({ loss, accuracy, steps }) => ({ loss, accuracy, steps }));
    return { history, shown, state: await session.state() };
  };
  const together = await run((session) => session);
  const alone = await run((session) => ({
    stepsAtOnce: 1,
    step: (batch, rate) => session.step(batch, rate),
    steps: async ([job]) => [await session.step(job!.batch, job!.learningRate)],
    evaluate: (...given) => session.evaluate(...given),
    predict: (...given) => session.predict(...given),
    state: () => session.state(),
    restore: (state) => session.restore(state),
    dispose: () => session.dispose(),
  }));
  const rest = [TIMES + 1, TIMES + 2, TIMES + 3];
  expect(together.shown).toEqual([TIMES, ...rest, TIMES, ...rest]);
  expect(together.history).toEqual(alone.history);
  expect(together.state).toEqual(alone.state);
});
