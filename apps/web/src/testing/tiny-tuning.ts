import { type Engine, fineTune } from "@resonnx/core";

/** A file and labelled pictures, as plain numbers: they travel into a page. */
export interface TuningCase {
  readonly file: readonly number[];
  /** RGB bytes, [count, ...]. */
  readonly pictures: readonly number[];
  /** A class number a picture. */
  readonly labels: readonly number[];
  readonly classes: readonly string[];
}

export interface TunedRun {
  /** Of each step. */
  readonly losses: readonly number[];
  /** Class probabilities of the pictures afterwards. */
  readonly predictions: readonly number[];
  /** The tuned `.onnx` file. */
  readonly file: readonly number[];
  readonly device: string;
}

const STEPS = 8;

/** A new head on a file's model, all of it trained on one batch; the same call in Node and in a page. */
export async function tuneTiny(engine: Engine, { file, pictures, labels, classes }: TuningCase): Promise<TunedRun> {
  const model = fineTune(Uint8Array.from(file), { classes: classes.length });
  const session = await engine.open({
    model,
    optimizer: "adam",
    loss: "sparseCategoricalCrossentropy",
    batchSize: labels.length,
  });
  try {
    const inputs = Float32Array.from(pictures, (value) => value / 255);
    const batch = { inputs, labels: Float32Array.from(labels), count: labels.length };
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) losses.push((await session.step(batch, 0.0005)).loss);
    const { arrays } = await session.state();
    return {
      losses,
      predictions: [...(await session.predict(inputs, labels.length))],
      file: [...model.toBytes(arrays, { labels: classes })],
      device: engine.device,
    };
  } finally {
    await session.dispose();
  }
}
