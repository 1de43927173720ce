import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { OnnxEngine } from "../../platform/node/onnx/onnx-engine.ts";
import { tinyResNet, tinySplit } from "../../testing/tiny.ts";
import { Batches } from "../../train/batches.ts";
import { recipes } from "../../train/recipe.ts";
import type { TrainingSession } from "../engine.ts";

const engine = new OnnxEngine("cpu", "test");
const size = { width: 8, height: 8 };
const batches = new Batches({
  split: tinySplit(44, 3),
  size,
  classes: 3,
  batchSize: 8,
  seed: 5,
  recipe: recipes.tutorial,
});
const STEPS = 20;
/** Step `k` of a run, over epochs of 6 batches, the last of them smaller. */
const batchOf = async (k: number) => (await batches.at(Math.floor(k / batches.steps), k % batches.steps)).batch;

async function losses(session: TrainingSession, from: number, to: number): Promise<number[]> {
  const result: number[] = [];
  for (let k = from; k < to; k++) result.push((await session.step(await batchOf(k), 0.01)).loss);
  return result;
}

const optimizers = {
  adam: () => tf.train.adam(0.01),
  sgd: () => tf.train.sgd(0.01),
  momentum: () => tf.train.momentum(0.01, 0.9),
};

test.each(Object.keys(optimizers) as (keyof typeof optimizers)[])(
  "%s: 20 steps give tfjs' losses and weights",
  async (optimizer) => {
    const model = tinyResNet();
    const session = await engine.open({ model, optimizer, batchSize: 8 });
    const ours = await losses(session, 0, STEPS);
    const { arrays } = await session.state();

    model.compile({ optimizer: optimizers[optimizer](), loss: "categoricalCrossentropy" });
    const theirs: number[] = [];
    for (let k = 0; k < STEPS; k++) {
      const { inputs, labels, count } = await batchOf(k);
      theirs.push(
        (await model.trainOnBatch(tf.tensor4d(inputs, [count, 8, 8, 3]), tf.tensor2d(labels, [count, 3]))) as number,
      );
    }
    for (const [k, loss] of ours.entries())
      expect(Math.abs(loss - theirs[k]!) / theirs[k]!, `step ${k}`).toBeLessThan(1e-4);
    // Biases before a batch normalization have no influence on the loss: their gradients are rounding noise, which Adam scales up.
    for (const name of ["conv2/kernel", "bn2/gamma", "bn1/moving_variance", "fc/kernel", "fc/bias"]) {
      const weight = model.weights.find((variable) => variable.originalName === name || variable.name === name)!.read();
      const [difference] = tf.tidy(() =>
        weight.sub(tf.tensor(arrays[name]!.data, weight.shape)).abs().max().dataSync(),
      );
      expect(difference, name).toBeLessThan(1e-3);
    }
    // Inference with our weights: Adam has scaled up what rounding makes of the gradients of biases, so tfjs' own differ.
    model.setWeights(
      model.weights.map(({ originalName, shape }) => tf.tensor(arrays[originalName]!.data, shape as number[])),
    );
    const x = (await batchOf(0)).inputs;
    const predicted = await session.predict(x, 8);
    const reference = (model.predict(tf.tensor4d(x, [8, 8, 8, 3])) as tf.Tensor).dataSync();
    for (const [i, p] of predicted.entries()) expect(Math.abs(p - reference[i]!)).toBeLessThan(1e-5);
    await session.dispose();
  },
);

test("restored in another session, training goes on bit for bit", async () => {
  const whole = await engine.open({ model: tinyResNet(), optimizer: "adam", batchSize: 8 });
  await losses(whole, 0, 8);
  const middle = await whole.state();
  const expected = await losses(whole, 8, 16);
  const end = await whole.state();
  await whole.dispose();

  const second = await engine.open({ model: tinyResNet(), optimizer: "adam", batchSize: 8 });
  await second.restore(middle);
  expect(await losses(second, 8, 16)).toEqual(expected);
  expect(await second.state()).toEqual(end);
  await second.dispose();
});

test("calls that nobody awaits are answered in their order", async () => {
  const [awaited, hurried] = await Promise.all(
    [1, 2].map(() => engine.open({ model: tinyResNet(), optimizer: "adam", batchSize: 8 })),
  );
  const expected = await losses(awaited!, 0, 3);
  const made = await Promise.all([0, 1, 2].map(batchOf));
  const [steps, state] = await Promise.all([
    Promise.all(made.map((batch) => hurried!.step(batch, 0.01))),
    hurried!.state(),
  ]);
  expect(steps.map(({ loss }) => loss)).toEqual(expected);
  expect(state).toEqual(await awaited!.state());
  await Promise.all([awaited!.dispose(), hurried!.dispose()]);
});

test("a state of another model is refused", async () => {
  const session = await engine.open({ model: tinyResNet(), optimizer: "adam", batchSize: 8 });
  const { step, arrays } = await session.state();
  const { "fc/bias": _, ...rest } = arrays;
  await expect(session.restore({ step, arrays: rest })).rejects.toThrow(
    '"fc/bias" does not fit this model and optimizer (got nothing, wanted [3])',
  );
  await expect(
    session.restore({ step, arrays: { ...arrays, "velocity/fc/bias": arrays["fc/bias"]! } }),
  ).rejects.toMatchObject({ code: "bad-input" });
  await session.dispose();
});

test("a loss that is no number ends the training with the step's name", async () => {
  const session = await engine.open({ model: tinyResNet(), optimizer: "sgd", batchSize: 8 });
  const batch = await batchOf(0);
  const broken = { ...batch, inputs: batch.inputs.map(() => Number.NaN) };
  await expect(session.step(broken, 0.01)).rejects.toThrow("step 1: the loss is not a finite number");
  await session.dispose();
});
