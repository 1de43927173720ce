import type { Preprocessing } from "@resonnx/base";
import {
  averagedState,
  chooseEngine,
  type Engine,
  MemoryStore,
  recipes,
  type TrainEvent,
  type TrainingState,
  train,
  updateOptionsOf,
} from "@resonnx/core";
import { exportModel } from "@resonnx/export";
import * as tf from "@tensorflow/tfjs";
import { SIDE, smallNetwork } from "./network.ts";
import { type Lesson, splitsOf } from "./pictures.ts";

export const EPOCHS = 30;
const BATCH = 16;
const LEARNING_RATE = 0.003;

export interface Taught {
  /** The `.onnx` file, with labels and preprocessing. */
  readonly bytes: Uint8Array;
  /** On the pictures held out of training; undefined where there were too few. */
  readonly accuracy: number | undefined;
  readonly engine: Pick<Engine, "device" | "reason">;
  readonly seconds: number;
}

export interface TeachOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (event: TrainEvent) => void;
}

const preprocessing: Preprocessing = {
  width: SIDE,
  height: SIDE,
  channelOrder: "rgb",
  scale: 1 / 255,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  layout: "nhwc",
};

/** Trains the small network on pictures, all in this page. Throws `bad-input` for a picture, `aborted` by the signal. */
export async function teach(lessons: readonly Lesson[], { signal, onProgress }: TeachOptions): Promise<Taught> {
  const begun = performance.now();
  const splits = await splitsOf(lessons);
  const engine = await chooseEngine({ engine: "onnx", device: "auto" });
  const labels = lessons.map(({ label }) => label);
  const model = smallNetwork(labels.length);
  const batchSize = Math.min(BATCH, splits.train.names.length);
  const session = await engine.open({ model, ...updateOptionsOf(recipes.default), batchSize });
  try {
    const { position, kept } = await train({
      ...splits,
      session,
      size: { width: SIDE, height: SIDE },
      labels,
      recipe: recipes.default,
      epochs: EPOCHS,
      batchSize,
      learningRate: LEARNING_RATE,
      seed: 1,
      store: new MemoryStore(),
      signal,
      onProgress,
    });
    setWeights(model, averagedState(await session.state()));
    const { bytes } = await exportModel(model, { metadata: { labels, preprocessing } });
    const { device, reason } = engine;
    const accuracy = position.history[kept.epoch - 1]?.valAccuracy;
    return { bytes, accuracy, engine: { device, reason }, seconds: (performance.now() - begun) / 1000 };
  } finally {
    model.dispose();
    await session.dispose();
  }
}

function setWeights(model: tf.LayersModel, { arrays }: TrainingState): void {
  const trained = model.weights.map(({ originalName, shape }) =>
    tf.tensor(arrays[originalName]!.data, shape as number[]),
  );
  model.setWeights(trained);
  tf.dispose(trained);
}
