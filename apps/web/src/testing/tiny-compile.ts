import { compile, type EngineChoice } from "@resonnx/core";
import * as tf from "@tensorflow/tfjs";

/** A compiled model's losses before a step, of the step itself and after it; the same call in Node and in a page. */
export async function compileTiny(device: EngineChoice["device"]): Promise<readonly number[]> {
  const model = tf.sequential({ name: "line" });
  model.add(tf.layers.dense({ name: "y", units: 2, inputShape: [3], kernelInitializer: "ones" }));
  const session = await compile(model, { optimizer: "adam", loss: "meanSquaredError", batchSize: 2, device });
  try {
    const batch = { inputs: Float32Array.of(1, 2, 3, 4, 5, 6), labels: Float32Array.of(0, 1, 2, 3), count: 2 };
    const before = await session.evaluate(batch);
    const { loss } = await session.step(batch, 0.1);
    return [before.loss, loss, (await session.evaluate(batch)).loss];
  } finally {
    await session.dispose();
  }
}
