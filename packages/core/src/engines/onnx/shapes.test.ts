import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { arraysOf, distance, openOnnx, seedWeights, uniform, weightsOf } from "../../testing/train.ts";

const RATE = 0.1;
const COUNT = 4;

const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor =>
  layer.apply(x) as tf.SymbolicTensor; // symbols in, symbols out

test("several inputs and outputs, each with a loss and a share of its own", async () => {
  const a = tf.input({ shape: [3], name: "a" });
  const c = tf.input({ shape: [2], name: "c" });
  const both = apply(tf.layers.concatenate({ name: "both" }), [a, c]);
  const kind = apply(tf.layers.dense({ name: "kind", units: 2, activation: "softmax" }), both);
  const size = apply(tf.layers.dense({ name: "size", units: 1 }), both);
  const model = seedWeights(tf.model({ inputs: [a, c], outputs: [kind, size], name: "two" }));
  const session = await openOnnx({
    model,
    optimizer: "sgd",
    batchSize: COUNT,
    losses: { size: "meanSquaredError" },
    lossWeights: { kind: 0.25 },
  });
  const inputs = { a: uniform(COUNT * 3, 1), c: uniform(COUNT * 2, 2) };
  const labels = { kind: Float32Array.of(1, 0, 0, 1, 0, 1, 1, 0), size: uniform(COUNT, 3) };
  const step = await session.step({ inputs, labels, count: COUNT }, RATE);
  const [x, y] = [tf.tensor(inputs.a, [COUNT, 3]), tf.tensor(inputs.c, [COUNT, 2])];
  const { value, grads } = tf.variableGrads(() => {
    const [p, q] = model.apply([x, y]) as [tf.Tensor, tf.Tensor];
    const first = tf.metrics.categoricalCrossentropy(tf.tensor(labels.kind, [COUNT, 2]), p).mean();
    const second = tf.losses.meanSquaredError(tf.tensor(labels.size, [COUNT, 1]), q);
    return first.mul(0.25).add(second).asScalar();
  });
  expect(step.loss).toBeCloseTo(value.dataSync()[0]!, 5);
  expect(Object.keys(step.outputs)).toEqual(["kind", "size"]);
  const wanted = Object.fromEntries(
    model.weights.map((weight) => {
      const variable = weight.read() as tf.Variable;
      const next = variable.sub(grads[variable.name]!.mul(RATE)).dataSync<"float32">();
      return [weight.originalName, next];
    }),
  );
  expect(distance(wanted, await arraysOf(session))).toBeLessThan(1e-6);
  const sizes = await session.predict(inputs, COUNT, { output: "size" });
  expect(sizes).toHaveLength(COUNT);
  await expect(session.predict(inputs, COUNT, { output: "kin" })).rejects.toThrow(
    "predict: no such output (got kin, wanted kind, size)",
  );
  await expect(session.step({ inputs: uniform(12, 1), labels, count: COUNT }, RATE)).rejects.toThrow(
    "inputs: one array for several (got one, wanted an object of a, c)",
  );
});

test("sequences of words to a value each step, through an embedding and an LSTM, as tfjs trains them", async () => {
  const words = tf.input({ shape: [5], name: "words", dtype: "int32" });
  let x = apply(tf.layers.embedding({ name: "embedding", inputDim: 7, outputDim: 3 }), words);
  x = apply(tf.layers.lstm({ name: "lstm", units: 4, returnSequences: true }), x);
  const y = apply(tf.layers.dense({ name: "y", units: 2 }), x);
  const model = seedWeights(tf.model({ inputs: words, outputs: y, name: "words" }));
  const session = await openOnnx({ model, optimizer: "sgd", batchSize: COUNT, loss: "meanAbsoluteError" });
  model.compile({ optimizer: tf.train.sgd(RATE), loss: "meanAbsoluteError" });
  for (let k = 0; k < 3; k++) {
    const inputs = Float32Array.from({ length: COUNT * 5 }, (_, i) => (i * 3 + k) % 7);
    const labels = uniform(COUNT * 10, 20 + k);
    const { loss } = await session.step({ inputs, labels, count: COUNT }, RATE);
    const theirs = await model.trainOnBatch(tf.tensor(inputs, [COUNT, 5], "int32"), tf.tensor(labels, [COUNT, 5, 2]));
    expect(loss).toBeCloseTo(theirs as number, 5);
  }
  expect(distance(weightsOf(model), await arraysOf(session))).toBeLessThan(1e-5);
});

const noisy = (rate: number): tf.LayersModel => {
  const input = tf.input({ shape: [6, 4], name: "x" });
  let x = apply(tf.layers.dropout({ name: "drop", rate }), input);
  x = apply(tf.layers.gaussianNoise({ name: "noise", stddev: 0.1 }), x);
  x = apply(tf.layers.spatialDropout1d({ name: "spatial", rate }), x);
  x = apply(tf.layers.alphaDropout({ name: "alpha", rate }), x);
  x = apply(tf.layers.gaussianDropout({ name: "factor", rate }), x);
  return seedWeights(
    tf.model({ inputs: input, outputs: apply(tf.layers.dense({ name: "y", units: 3 }), x), name: "noisy" }),
  );
};

const noisyBatch = (k: number) => ({ inputs: uniform(COUNT * 24, k), labels: uniform(COUNT * 18, 9), count: COUNT });
const noisyJob = (seed?: number) =>
  ({ model: noisy(0.3), optimizer: "adam", batchSize: COUNT, loss: "meanSquaredError", seed }) as const;

test("dropout and noise depend on the seed and the step alone: a resumed run repeats them bit for bit", async () => {
  const first = await openOnnx(noisyJob(5));
  const losses: number[] = [];
  for (let k = 0; k < 3; k++) losses.push((await first.step(noisyBatch(k), RATE)).loss);
  const middle = await first.state();
  for (let k = 3; k < 6; k++) losses.push((await first.step(noisyBatch(k), RATE)).loss);

  const resumed = await openOnnx(noisyJob(5));
  await resumed.restore(middle);
  const again: number[] = [];
  for (let k = 3; k < 6; k++) again.push((await resumed.step(noisyBatch(k), RATE)).loss);
  expect(again).toEqual(losses.slice(3));
  const other = await openOnnx(noisyJob(6));
  expect((await other.step(noisyBatch(0), RATE)).loss).not.toBe(losses[0]);
});

test("at inference dropout and noise do nothing", async () => {
  const job = noisyJob();
  const session = await openOnnx(job);
  const { inputs } = noisyBatch(0);
  const wanted = (job.model.predict(tf.tensor(inputs, [COUNT, 6, 4])) as tf.Tensor).dataSync<"float32">();
  expect(distance({ y: wanted }, { y: await session.predict(inputs, COUNT) })).toBeLessThan(1e-6);
});

test("a frozen batch normalization works as at inference", async () => {
  const input = tf.input({ shape: [3], name: "x" });
  const x = apply(tf.layers.batchNormalization({ name: "bn" }), input);
  const model = seedWeights(
    tf.model({ inputs: input, outputs: apply(tf.layers.dense({ name: "y", units: 2 }), x), name: "frozen" }),
  );
  const session = await openOnnx({
    model,
    optimizer: "sgd",
    batchSize: COUNT,
    loss: "meanSquaredError",
    frozen: /^bn/,
  });
  const before = await arraysOf(session);
  const inputs = uniform(COUNT * 3, 4);
  const { predictions } = await session.step({ inputs, labels: uniform(COUNT * 2, 5), count: COUNT }, RATE);
  const wanted = (model.predict(tf.tensor(inputs, [COUNT, 3])) as tf.Tensor).dataSync<"float32">();
  expect(distance({ y: wanted }, { y: predictions })).toBeLessThan(1e-5);
  const after = await arraysOf(session);
  for (const name of ["bn/gamma", "bn/beta", "bn/moving_mean", "bn/moving_variance"])
    expect(after[name], name).toEqual(before[name]);
});
