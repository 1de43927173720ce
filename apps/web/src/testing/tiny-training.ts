import {
  convolutionalBlock,
  type Engine,
  glorotUniform,
  MemoryStore,
  recipes,
  splitOf,
  type TrainingSession,
  train,
} from "@resonnx/core";
import * as tf from "@tensorflow/tfjs";

const SIDE = 8;
const CLASSES = 3;
const EPOCHS = 4;
const BATCH = 8;

/** A residual network for 8x8 pictures with every kind of layer that ResNet50 has; seeded. */
function tinyResNet(): tf.LayersModel {
  const { conv2d, batchNormalization, maxPooling2d, averagePooling2d, flatten, dense } = tf.layers;
  const kernelInitializer = () => glorotUniform({ seed: 0 });
  const input = tf.input({ name: "input_1", shape: [SIDE, SIDE, 3] });
  let x = conv2d({ name: "conv1", filters: 4, kernelSize: 3, kernelInitializer: kernelInitializer() }).apply(input);
  x = batchNormalization({ name: "bn_conv1", axis: 3 }).apply(x);
  x = maxPooling2d({ name: "max_pooling2d_1", poolSize: 3, strides: 2 }).apply(x);
  // Without it a shift by the first normalization has no influence: its gradient is rounding noise, which Adam scales up.
  x = tf.layers.reLU({ name: "activation_1" }).apply(x) as tf.SymbolicTensor;
  x = convolutionalBlock(x, { kernelSize: 3, filters: [2, 4, 6], stage: 2, block: "a", strides: 1 });
  x = averagePooling2d({ name: "average_pooling2d_1", poolSize: 2, padding: "same" }).apply(x);
  x = flatten({ name: "flatten_1" }).apply(x);
  const softmax = { units: CLASSES, activation: "softmax", kernelInitializer: kernelInitializer() } as const;
  const output = dense({ name: "fc3", ...softmax }).apply(x) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output });
}

/** Pictures whose class is the third that is brighter. 20 of them: the last batch of an epoch is smaller. */
function tinySplit() {
  const bytes = SIDE * SIDE * 3;
  const labels = Int32Array.from({ length: 20 }, (_, i) => i % CLASSES);
  const names = [...labels.keys()].map((i) => `${i}.png`);
  return splitOf(names, labels, bytes, (index) => {
    const bright = (at: number) => (Math.floor((at / bytes) * CLASSES) === labels[index] ? 120 : 0);
    return Uint8Array.from({ length: bytes }, (_, at) => ((at * 37 + index * 101) % 90) + bright(at));
  });
}

export interface TinyRun {
  /** Of each of 12 steps. */
  readonly losses: readonly number[];
  /** Class probabilities of the last epoch's weights. */
  readonly predictions: readonly number[];
  readonly device: string;
}

/** The session, which notes the loss of each step; progress tells the mean over the epoch so far. */
function recorded(session: TrainingSession, losses: number[]): TrainingSession {
  const steps: TrainingSession["steps"] = async (jobs) => {
    const results = await session.steps(jobs);
    losses.push(...results.map(({ loss }) => loss));
    return results;
  };
  return {
    stepsAtOnce: session.stepsAtOnce,
    steps,
    step: async (batch, learningRate) => (await steps([{ batch, learningRate }]))[0]!,
    evaluate: (batch, options) => session.evaluate(batch, options),
    predict: (inputs, count, options) => session.predict(inputs, count, options),
    state: () => session.state(),
    restore: (state) => session.restore(state),
    dispose: () => session.dispose(),
  };
}

/** The same call in Node and in a page. */
export async function trainTiny(engine: Engine): Promise<TinyRun> {
  const split = tinySplit();
  const session = await engine.open({ model: tinyResNet(), optimizer: "adam", batchSize: BATCH });
  const losses: number[] = [];
  try {
    await train({
      session: recorded(session, losses),
      train: split,
      val: undefined,
      size: { width: SIDE, height: SIDE },
      labels: ["top", "middle", "bottom"],
      recipe: recipes.tutorial,
      epochs: EPOCHS,
      batchSize: BATCH,
      learningRate: 0.01,
      seed: 1,
      store: new MemoryStore(),
    });
    const pictures = Float32Array.from(await split.read([0, 1, 2]), (value) => value / 255);
    return { losses, predictions: [...(await session.predict(pictures, 3))], device: engine.device };
  } finally {
    await session.dispose();
  }
}
