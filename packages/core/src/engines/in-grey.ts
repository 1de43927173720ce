import { LUMA } from "@resonnx/base";
import type { Batch, TrainingSession, Values } from "./engine.ts";

/**
 * A session of a model that takes grey pictures, for whoever has RGB ones: [count, height, width, 3] becomes [count, height,
 * width, 1], as the runtimes prepare pictures for a model whose `channelOrder` is gray.
 */
export const inGrey = (session: TrainingSession): TrainingSession => ({
  stepsAtOnce: session.stepsAtOnce,
  step: (batch, learningRate) => session.step(greyBatch(batch), learningRate),
  steps: (jobs) => session.steps(jobs.map((job) => ({ ...job, batch: greyBatch(job.batch) }))),
  evaluate: (batch, options) => session.evaluate(greyBatch(batch), options),
  predict: (inputs, count, options) => session.predict(greyOf(inputs), count, options),
  state: () => session.state(),
  restore: (state) => session.restore(state),
  dispose: () => session.dispose(),
});

/** RGB values, three a pixel, as luma. */
export function lumaOf(rgb: Float32Array): Float32Array {
  const [red, green, blue] = LUMA;
  const luma = new Float32Array(rgb.length / 3);
  for (let i = 0; i < luma.length; i++) luma[i] = red * rgb[3 * i]! + green * rgb[3 * i + 1]! + blue * rgb[3 * i + 2]!;
  return luma;
}

const greyBatch = (batch: Batch): Batch => ({ ...batch, inputs: greyOf(batch.inputs) });

const greyOf = (inputs: Values): Values =>
  inputs instanceof Float32Array
    ? lumaOf(inputs)
    : Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, lumaOf(values)]));
