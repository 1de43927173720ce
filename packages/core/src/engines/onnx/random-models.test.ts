import * as tf from "@tensorflow/tfjs";
import { test } from "vitest";
import { randomModel, WORDS } from "../../testing/random-model.ts";
import { stepLikeTfjs } from "../../testing/step-like-tfjs.ts";
import { openOnnx, uniform } from "../../testing/train.ts";

const COUNT = 3;
const STEPS = 3;

/** A fixed sample; all of them with RESONNX_FULL=1 (`pnpm test:full`). */
const seeds = Array.from({ length: process.env.RESONNX_FULL === "1" ? 200 : 16 }, (_, seed) => seed);

const numbersIn = (shape: readonly (number | null)[]): number =>
  shape.slice(1).reduce<number>((a, dim) => a * Number(dim), COUNT);

/** One-hot along the last axis, so that every loss takes them. */
const oneHot = (size: number, classes: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => ((Math.floor(i / classes) + seed) % classes === i % classes ? 1 : 0));

test.each(seeds)("random model %i: three steps with tfjs' gradients", async (seed) => {
  const { model, loss, story } = randomModel(seed);
  const [input, output] = [model.inputs[0]!.shape, model.outputs[0]!.shape];
  const session = await openOnnx({ model, optimizer: "sgd", batchSize: COUNT, loss });
  for (let k = 0; k < STEPS; k++) {
    const isWords = model.inputs[0]!.dtype === "int32";
    const drawn = uniform(numbersIn(input), 31 * seed + k);
    const inputs = isWords ? drawn.map((x) => Math.floor(((x + 1) * WORDS) / 2)) : drawn;
    const labels = oneHot(numbersIn(output), Number(output.at(-1)), k);
    const truth = tf.tensor(labels, [COUNT, ...output.slice(1).map(Number)]);
    const x = tf.tensor(inputs, [COUNT, ...input.slice(1).map(Number)], isWords ? "int32" : "float32");
    const { after } = await stepLikeTfjs(
      session,
      { inputs, labels, count: COUNT },
      {
        model,
        loss: () =>
          tf.metrics[loss](truth, model.apply(x, { training: true }) as tf.Tensor)
            .mean()
            .asScalar(),
        story: `${story}, step ${k}`,
      },
    );
    model.setWeights(model.weights.map((weight) => tf.tensor(after[weight.originalName]!, weight.shape.map(Number))));
  }
});
