import * as tf from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { OnnxEngine } from "../../platform/node/onnx/onnx-engine.ts";
import { tinyResNet, tinySplit } from "../../testing/tiny.ts";
import { seedWeights, uniform } from "../../testing/train.ts";
import { Batches } from "../../train/batches.ts";
import { recipes } from "../../train/recipe.ts";
import { saveStep } from "./save-step.ts";

const batches = new Batches({
  split: tinySplit(24, 3),
  size: { width: 8, height: 8 },
  classes: 3,
  batchSize: 8,
  seed: 5,
  recipe: recipes.tutorial,
});
const RATE = 0.01;
const job = { optimizer: "adamw", clipNorm: 1, ema: 0.8, emaWarmup: true, batchSize: 8 } as const;

type Values = Readonly<Record<string, Tensor>>;
const open = (bytes: Uint8Array) => InferenceSession.create(bytes, { logSeverityLevel: 3 });
async function run(session: InferenceSession, given: Values): Promise<Values> {
  const feeds = Object.fromEntries(session.inputNames.map((name) => [name, given[name]!]));
  return (await session.run(feeds)) as Values;
}
const renewed = (result: Values): Values =>
  Object.fromEntries(
    Object.entries(result).flatMap(([name, value]) => (name.startsWith("next/") ? [[name.slice(5), value]] : [])),
  );

test.each(["cpu", "webgpu"] as const)(
  "the files for %s, run as the README says, train like the engine",
  async (device) => {
    const model = tinyResNet();
    const saved = await saveStep(model, { ...job, device });
    const [start, gradients, update] = [await open(saved.start), await open(saved.gradients), await open(saved.update)];
    let state = await run(start, {});
    const session = await new OnnxEngine("cpu", "test").open({ ...job, model });
    for (let step = 1; step <= 6; step++) {
      const { batch } = await batches.at(Math.floor((step - 1) / 3), (step - 1) % 3);
      const result = await run(gradients, {
        ...state,
        input_1: new Tensor("float32", batch.inputs as Float32Array, [8, 8, 8, 3]),
        labels: new Tensor("float32", batch.labels as Float32Array, [8, 3]),
      });
      const changed = await run(update, {
        ...state,
        ...result,
        learning_rate: new Tensor("float32", [RATE], []),
        step: new Tensor("int64", [BigInt(step)], []),
      });
      state = { ...state, ...renewed(result), ...renewed(changed) };
      const { loss } = await session.step(batch, RATE);
      expect(Math.abs((result.loss!.data[0] as number) / loss - 1), `step ${step}`).toBeLessThan(1e-5);
    }
    const { arrays } = await session.state();
    expect(Object.keys(state).sort()).toEqual(Object.keys(arrays).sort());
    for (const name of ["fc/kernel", "ema/fc/kernel", "ema/bn1/moving_variance"])
      for (const [i, value] of arrays[name]!.data.entries())
        expect(Math.abs(value - (state[name]!.data[i] as number)), name).toBeLessThan(1e-3);
    await session.dispose();
  },
);

test("the README names every input of a batch", async () => {
  const { readme } = await saveStep(tinyResNet(), { ...job, name: "mine" });
  expect(readme).toContain('Training "tiny" in any onnxruntime');
  expect(readme).toContain('("mine.start.onnx", "mine.gradients.onnx", "mine.update.onnx")');
  expect(readme).toContain('# batch: {"input_1": ..., "labels": ...}');
  expect(readme).toContain("| `input_1` | float32 | [8, 8, 8, 3] |");
  expect(readme).toContain("| `m/conv1/kernel` | float32 | [3, 3, 3, 4] |");
  expect(readme).not.toContain("random");
});

/** What the README's table says of each random input: its shape, and what a number is. */
const randomInputs = (readme: string) =>
  [...readme.matchAll(/^\| `(.+)` \| \[(.+)\] \| 0 with probability (.+), else (.+) \|$/gm)].map((found) => {
    const [name, dims, rate, value] = found.slice(1) as [string, string, string, string]; // the pattern has four groups
    return { name, dims: dims.split(", ").map(Number), rate: Number(rate), value: Number(value) };
  });

test("dropout, drawn as the README says, trains as tfjs does by the same numbers", async () => {
  const x = tf.input({ name: "x", shape: [4] });
  const dropped = tf.layers.dropout({ name: "drop", rate: 0.2 }).apply(x) as tf.SymbolicTensor;
  const dense = tf.layers.dense({ name: "y", units: 3 });
  const model = seedWeights(tf.model({ inputs: x, outputs: dense.apply(dropped) as tf.SymbolicTensor }));
  const { readme, ...files } = await saveStep(model, { optimizer: "sgd", loss: "meanSquaredError", batchSize: 8 });
  const [start, gradients, update] = [await open(files.start), await open(files.gradients), await open(files.update)];
  expect(readme).toContain('# batch: {"x": ..., "labels": ..., "random/drop": ...}');
  expect(readme).toContain("New random numbers at every step:");
  const [random, ...others] = randomInputs(readme);
  expect(random).toEqual({ name: "random/drop", dims: [8, 4], rate: 0.2, value: 1.25 });
  expect(others).toEqual([]);

  const numbers = { x: uniform(8 * 4, 1), labels: uniform(8 * 3, 2) };
  const mask = uniform(8 * 4, 3, 0, 1).map((u) => (u < random!.rate ? 0 : random!.value));
  const state = await run(start, {});
  const result = await run(gradients, {
    ...state,
    x: new Tensor("float32", numbers.x, [8, 4]),
    labels: new Tensor("float32", numbers.labels, [8, 3]),
    [random!.name]: new Tensor("float32", mask, random!.dims),
  });
  const scalars = { learning_rate: new Tensor("float32", [RATE], []), step: new Tensor("int64", [1n], []) };
  const changed = renewed(await run(update, { ...state, ...result, ...scalars }));

  const kept = tf.tensor(numbers.x, [8, 4]).mul(tf.tensor(mask, [8, 4]));
  const labels = tf.tensor(numbers.labels, [8, 3]);
  const { value, grads } = tf.variableGrads(() =>
    tf.metrics
      .meanSquaredError(labels, dense.apply(kept) as tf.Tensor)
      .mean()
      .asScalar(),
  );
  expect(result.loss!.data[0]).toBeCloseTo(value.dataSync()[0]!, 5);
  for (const weight of dense.trainableWeights) {
    const gradient = grads[(weight.read() as tf.Variable).name]!;
    const wanted = weight.read().sub(gradient.mul(RATE)).dataSync();
    for (const [i, number] of wanted.entries())
      expect(changed[weight.originalName]!.data[i], weight.originalName).toBeCloseTo(number, 5);
  }
});
