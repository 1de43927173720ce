import { expect, test } from "vitest";
import { tinyResNet, tinySplit } from "../../testing/tiny.ts";
import { openOnnx } from "../../testing/train.ts";
import { Batches } from "../../train/batches.ts";
import { recipes } from "../../train/recipe.ts";
import type { TrainingSession } from "../engine.ts";

const batches = new Batches({
  split: tinySplit(20, 3),
  size: { width: 8, height: 8 },
  classes: 3,
  batchSize: 8,
  seed: 5,
  recipe: recipes.tutorial,
});

/** Two epochs of three batches, the last of them smaller, each epoch with an evaluation. */
async function trained(session: TrainingSession) {
  const seen: Float32Array[] = [];
  for (let epoch = 0; epoch < 2; epoch++) {
    for (let k = 0; k < batches.steps; k++) {
      const { batch } = await batches.at(epoch, k);
      const { loss, predictions } = await session.step(batch, 0.01);
      seen.push(Float32Array.of(loss), predictions);
    }
    const { batch } = await batches.at(0, 0);
    seen.push(await session.predict(batch.inputs, batch.count));
  }
  const { arrays } = await session.state();
  await session.dispose();
  return { seen, arrays };
}

test("training that saves memory is the same training to the bit", async () => {
  const job = { model: tinyResNet(), optimizer: "adam", batchSize: 8 } as const;
  const plain = await trained(await openOnnx(job));
  const saving = await trained(await openOnnx({ ...job, saveMemory: true }));
  expect(plain.seen).toHaveLength(14);
  expect(saving).toEqual(plain);
});
