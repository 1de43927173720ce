import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { glorotUniform } from "./glorot-uniform.ts";

/** TensorFlow 2.21: `tf.compat.v1.glorot_uniform_initializer(seed)(shape)` in a graph: first five, last, sum in float64. */
const tensorflow = [
  [
    0,
    [1, 1, 6, 2],
    [-0.6913262009620667, 0.814352810382843, 0.6040772795677185, -0.7823997139930725, -0.7819809913635254],
    -0.23038113117218018,
    0.9975168704986572,
  ],
  [
    0,
    [3, 3, 64, 64],
    [-0.05761051923036575, 0.06786273419857025, 0.050339773297309875, -0.06519997864961624, -0.06516508013010025],
    0.007444031536579132,
    20.322820518165827,
  ],
  [
    7,
    [3, 3, 64, 64],
    [-0.0023179203271865845, 0.0008953362703323364, -0.03534195199608803, -0.05416378751397133, 0.062499627470970154],
    -0.06816021353006363,
    2.9172083623707294,
  ],
  [
    7,
    [2048, 6],
    [-0.0017358995974063873, 0.0006705187261104584, -0.02646772190928459, -0.04056346416473389, 0.046806201338768005],
    0.02082577347755432,
    4.331299869343638,
  ],
  [
    2147483647,
    [2048, 6],
    [-0.04314473271369934, 0.050822652876377106, 0.03769964724779129, -0.04882850497961044, -0.04880237579345703],
    0.04988386482000351,
    9.781501792371273,
  ],
] as const;

test.each(tensorflow)("seed %i, shape %j: TensorFlow's numbers, bit for bit", (seed, shape, first, last, sum) => {
  const kernel = glorotUniform({ seed }).apply([...shape]);
  const values = Float32Array.from(kernel.dataSync());
  expect([...values.slice(0, 5)]).toEqual([...first]);
  expect(values.at(-1)).toBe(last);
  expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(sum, 9);
});

test("Keras opens its config: the class and the seed", () => {
  const layer = tf.layers.dense({ units: 1, name: "fc1", kernelInitializer: glorotUniform({ seed: 3 }) });
  expect(layer.getConfig().kernelInitializer).toEqual({ className: "GlorotUniform", config: { seed: 3 } });
});

test.each([-1, 0.5, Number.NaN])("refuses the seed %s", (seed) => {
  expect(() => glorotUniform({ seed })).toThrow(/not a seed/);
});
