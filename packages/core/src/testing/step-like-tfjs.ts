import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import type { Batch, TrainingSession } from "../engines/engine.ts";
import { arraysOf } from "./train.ts";

const RATE = 0.1;
/** Of what is below 1 as it is, of what is larger as a share. */
const TOLERANCE = 1e-4;

export interface TfjsTruth {
  readonly model: tf.LayersModel;
  /** The loss of tfjs' prediction for the same batch. */
  loss(): tf.Scalar;
  /** What a failing test is about. */
  readonly story: string;
}

/**
 * One step of a session with "sgd", which must have the loss and, weight by weight, the gradients that tfjs' own
 * differentiation gives. The largest gradient of each weight, and the arrays after the step.
 */
export async function stepLikeTfjs(session: TrainingSession, batch: Batch, { model, loss, story }: TfjsTruth) {
  const before = await arraysOf(session);
  const step = await session.step(batch, RATE);
  const after = await arraysOf(session);
  const { value, grads } = tf.variableGrads(loss);
  const wantedLoss = value.dataSync()[0]!;
  expect(Math.abs(step.loss - wantedLoss) / Math.max(1, Math.abs(wantedLoss)), `${story}: loss`).toBeLessThan(
    TOLERANCE,
  );
  const largest: Record<string, number> = {};
  for (const { originalName: name, ...weight } of trained(model)) {
    const wanted = grads[weight.variable]!.dataSync<"float32">();
    const [from, to] = [before[name]!, after[name]!];
    const most = wanted.reduce((a, g) => Math.max(a, Math.abs(g)), 0);
    const errors = wanted.map((g, i) => Math.abs((from[i]! - to[i]!) / RATE - g) / Math.max(1, most));
    expect(Math.max(...errors), `${story}: d ${name}`).toBeLessThan(TOLERANCE);
    largest[name] = most;
  }
  return { after, largest };
}

const trained = (model: tf.LayersModel) =>
  model.trainableWeights.map((weight) => ({
    originalName: weight.originalName,
    variable: (weight.read() as tf.Variable).name, // a trainable weight of tfjs reads as its variable
  }));
