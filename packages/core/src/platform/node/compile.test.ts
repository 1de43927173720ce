import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { onlyOnnxTrains } from "../../engines/tfjs/job.ts";
import { arraysOf, distance, tinyDense, uniform, weightsOf } from "../../testing/train.ts";
import { compile } from "./compile.ts";

const labels = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0);
const batch = { inputs: uniform(16, 7), labels, count: 4 };

test.each(["auto", "onnx", "tfjs"] as const)(
  "%s: a compiled model steps and evaluates as tfjs' own",
  async (engine) => {
    const model = tinyDense(3, "softmax");
    const before = model.getWeights().map((weight) => [...weight.dataSync()]);
    const session = await compile(model, { optimizer: "sgd", batchSize: 4, engine });
    const [stepped, { loss }] = [await session.step(batch, 0.1), await session.evaluate(batch)];
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before);
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "categoricalCrossentropy" });
    const [x, y] = [tf.tensor(batch.inputs, [4, 4]), tf.tensor(labels, [4, 3])];
    expect(stepped.loss).toBeCloseTo((await model.trainOnBatch(x, y)) as number, 5);
    expect(loss).toBeCloseTo((model.evaluate(x, y) as tf.Scalar).dataSync()[0]!, 5);
    expect(distance(weightsOf(model), await arraysOf(session))).toBeLessThan(1e-5);
    await session.dispose();
  },
);

test("auto keeps from tfjs what tfjs doesn't train; an engine by name refuses it", async () => {
  const job = { optimizer: "sgd", batchSize: 4, loss: "hinge", device: "cpu" } as const;
  await expect(compile(tinyDense(3, "linear"), { ...job, engine: "tfjs" })).rejects.toThrow("engine onnx");
  const session = await compile(tinyDense(3, "linear"), job);
  expect((await session.evaluate(batch)).loss).toBeGreaterThan(0);
  await session.dispose();
  const plain = { model: tinyDense(3, "softmax"), optimizer: "sgd", batchSize: 4 } as const;
  expect(onlyOnnxTrains(plain)).toBe(false);
  for (const more of [{ classWeights: [1, 2, 3] }, { loss: "hinge" }, { frozen: /bias/ }] as const)
    expect(onlyOnnxTrains({ ...plain, ...more })).toBe(true);
});
