import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { OnnxEngine } from "../../platform/node/onnx/onnx-engine.ts";
import { tinyResNet, tinySplit } from "../../testing/tiny.ts";
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

test("the README names every input of a batch, and what dropout wants", async () => {
  const { readme } = await saveStep(tinyResNet(), { ...job, name: "mine" });
  expect(readme).toContain('Training "tiny" in any onnxruntime');
  expect(readme).toContain('("mine.start.onnx", "mine.gradients.onnx", "mine.update.onnx")');
  expect(readme).toContain('# batch: {"input_1": ..., "labels": ...}');
  expect(readme).toContain("| `input_1` | float32 | [8, 8, 8, 3] |");
  expect(readme).toContain("| `m/conv1/kernel` | float32 | [3, 3, 3, 4] |");
  expect(readme).not.toContain("random");
});
