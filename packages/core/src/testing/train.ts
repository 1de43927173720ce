import { fromWireError } from "@resonnx/base";
import * as tf from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { onTestFinished } from "vitest";
import type { Device, TrainingJob, TrainingSession } from "../engines/engine.ts";
import { answer } from "../engines/onnx/answer.ts";
import { HostState } from "../engines/onnx/host-state.ts";
import type { Arrays, Command } from "../engines/onnx/protocol.ts";
import type { Runtime } from "../engines/onnx/runtime.ts";
import { OnnxSession, type StepperPort } from "../engines/onnx/session.ts";
import type { StateStore } from "../engines/onnx/state-store.ts";
import { Stepper } from "../engines/onnx/stepper.ts";
import { randomFor } from "../random/random.ts";

/** A Stepper in the test's own thread: a worker takes longer to start than a small model to train. */
class StepperHere implements StepperPort {
  readonly #stepper: Stepper;

  constructor(stateOn: (runtime: Runtime) => StateStore) {
    const runtime: Runtime = {
      create: (bytes) => InferenceSession.create(bytes, { logSeverityLevel: 3, enableMemPattern: false }),
      tensor: (data, dims) => new Tensor("float32", data, dims),
    };
    this.#stepper = new Stepper(runtime, stateOn(runtime));
  }

  async ask(command: Exclude<Command, { do: "close" }>): Promise<Arrays> {
    const reply = await answer(this.#stepper, structuredClone(command)); // a message copies too
    if (reply.is === "failed") throw fromWireError(reply.error);
    return reply.is === "arrays" ? reply.arrays : {};
  }

  close(): Promise<void> {
    return this.#stepper.release();
  }
}

/** A training on onnxruntime's CPU that ends with the test; by the graph for another device, if asked, or as a page keeps its state. */
export async function openOnnx(
  job: TrainingJob,
  device: Device = "cpu",
  stateOn = (runtime: Runtime): StateStore => new HostState(runtime),
): Promise<TrainingSession> {
  const session = await OnnxSession.open(new StepperHere(stateOn), job, device);
  onTestFinished(() => session.dispose());
  return session;
}

/** `count` seeded numbers in [low, high). */
export function uniform(count: number, seed: number, low = -1, high = 1): Float32Array {
  const random = randomFor(seed, 0, 0);
  return Float32Array.from({ length: count }, () => low + (high - low) * random());
}

/** Gives every weight seeded numbers in [-0.5, 0.5); variances positive ones. */
export function seedWeights(model: tf.LayersModel, seed = 3): tf.LayersModel {
  model.setWeights(
    model.weights.map((weight, i) => {
      const shape = weight.shape.map(Number);
      const [low, high] = weight.name.includes("variance") ? [0.5, 1.5] : [-0.5, 0.5];
      return tf.tensor(
        uniform(
          shape.reduce((a, dim) => a * dim, 1),
          seed + i,
          low,
          high,
        ),
        shape,
      );
    }),
  );
  return model;
}

/** x [4] -> dense 5 tanh -> dense `units` by `activation`. */
export function tinyDense(units: number, activation: "linear" | "softmax" | "sigmoid"): tf.LayersModel {
  const input = tf.input({ shape: [4], name: "x" });
  const hidden = tf.layers.dense({ name: "hidden", units: 5, activation: "tanh" }).apply(input) as tf.SymbolicTensor;
  const y = tf.layers.dense({ name: "y", units, activation }).apply(hidden) as tf.SymbolicTensor;
  return seedWeights(tf.model({ inputs: input, outputs: y, name: "dense" }));
}

/** A model's weights by their Keras names. */
export const weightsOf = (model: tf.LayersModel): Record<string, Float32Array> =>
  Object.fromEntries(model.weights.map((weight) => [weight.originalName, weight.read().dataSync<"float32">().slice()]));

/** The largest difference between two sets of arrays that have the same names. */
export function distance(a: Readonly<Record<string, Float32Array>>, b: Readonly<Record<string, Float32Array>>): number {
  let worst = 0;
  for (const [name, array] of Object.entries(a))
    for (const [i, value] of array.entries()) worst = Math.max(worst, Math.abs(value - (b[name]?.[i] ?? Number.NaN)));
  return worst;
}

/** The arrays of a session's state without their shapes. */
export async function arraysOf(session: TrainingSession): Promise<Record<string, Float32Array>> {
  const { arrays } = await session.state();
  return Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));
}
