import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { exportModel } from "../export-model.ts";
import { artifactsOf } from "../source/live.ts";
import { chain } from "../testing/tiny.ts";
import { type ForwardOptions, forward } from "./forward.ts";

const { layers, regularizers, constraints } = tf;
const l2 = () => regularizers.l2({ l2: 0.1 });
const trains = (artifacts: tf.io.ModelArtifacts, options: Pick<ForwardOptions, "frozen"> = {}) =>
  forward(artifacts, { training: true, weights: "inputs", batchSize: 2, ...options });

/** A model of one layer with these entries in its config, as Keras files have what tfjs can't. */
function written(className: string, config: object): tf.io.ModelArtifacts {
  const written = [
    { class_name: "InputLayer", config: { batch_input_shape: [null, 3], name: "x" } },
    { class_name: className, config: { name: "layer", ...config } },
  ];
  return { modelTopology: { class_name: "Sequential", config: { name: "model", layers: written } } };
}

const regularized = () =>
  chain(
    [4, 3],
    layers.dense({ name: "wide", units: 3, kernelRegularizer: l2(), biasConstraint: constraints.nonNeg() }),
    layers.bidirectional({
      name: "both",
      layer: layers.lstm({ units: 2, returnSequences: true, recurrentRegularizer: l2() }) as tf.RNN,
      mergeMode: "concat",
    }),
    layers.timeDistributed({ name: "steps", layer: layers.dense({ units: 2, biasRegularizer: l2() }) }),
    layers.rnn({ name: "cells", cell: [layers.gruCell({ units: 2, kernelConstraint: constraints.maxNorm({}) })] }),
    layers.dense({ name: "plain", units: 2 }),
  );

describe("what Keras would do to weights in training, and nothing here does", () => {
  test("is refused by layer and setting, also where layers hold others", async () => {
    const artifacts = await artifactsOf(regularized());
    expect(() => trains(artifacts)).toThrow(expect.objectContaining({ code: "unsupported" }));
    for (const found of [
      "wide (kernel_regularizer, bias_constraint)",
      "both (recurrent_regularizer)",
      "steps (bias_regularizer)",
      "cells (kernel_constraint)",
    ])
      expect(() => trains(artifacts)).toThrow(found);
    expect(() => trains(artifacts)).not.toThrow("plain");
  });

  test("is nothing where weights are kept, and at inference", async () => {
    const model = regularized();
    const artifacts = await artifactsOf(model);
    await exportModel(artifacts);
    trains(artifacts, { frozen: (weight) => !weight.startsWith("plain") });
    for (const layer of model.layers) layer.trainable = layer.name === "plain";
    trains(await artifactsOf(model));
  });
});

describe("penalties on what layers give", () => {
  const penalty = { class_name: "L1L2", config: { l1: 0, l2: 0.1 } };
  const regularizer = written("Softmax", { activity_regularizer: penalty, trainable: false });
  const layer = written("ActivityRegularization", { l1: 0, l2: 0.1 });

  test("are refused in training, of frozen layers too, and nothing at inference", async () => {
    expect(() => trains(regularizer)).toThrow("layer (activity_regularizer)");
    expect(() => trains(layer)).toThrow(/layer "layer": .*penalty.*l2 0.1/);
    await exportModel(regularizer);
    await exportModel(layer);
  });

  test("of 0 are none", () => {
    trains(written("ActivityRegularization", { l1: 0, l2: 0 }));
  });
});
