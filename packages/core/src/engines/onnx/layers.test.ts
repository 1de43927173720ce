import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { layerRows, WORDS } from "../../testing/layer-rows.ts";
import { stepLikeTfjs } from "../../testing/step-like-tfjs.ts";
import { openOnnx, seedWeights, uniform } from "../../testing/train.ts";

const { layers } = tf;
const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor) => layer.apply(x) as tf.SymbolicTensor; // symbols in, symbols out
const cases = Object.entries(layerRows).flatMap(([name, rows]) =>
  rows.map((row, i) => ({ name: `${name} ${i}`, row })),
);

test.each(cases)("$name: a step with tfjs' gradients", async ({ name, row: { shape, build, count } }) => {
  const isWords = name.startsWith("embedding");
  const input = tf.input({ shape: [...shape], name: "x", dtype: isWords ? "int32" : "float32" });
  const before = layers.dense({ name: "before", units: shape.at(-1)! });
  const middle = build(isWords ? input : apply(before, input));
  const flat = middle.rank > 2 ? apply(layers.flatten(), middle) : middle;
  const y = apply(layers.dense({ name: "y", units: 3 }), flat);
  const model = seedWeights(tf.model({ inputs: input, outputs: y, name: "one_layer" }));
  const drawn = uniform(
    shape.reduce((a, dim) => a * dim, count),
    5,
  );
  const inputs = isWords ? drawn.map((x) => Math.floor(((x + 1) * WORDS) / 2)) : drawn;
  const labels = uniform(count * 3, 6, -20, 20);
  const x = tf.tensor(inputs, [count, ...shape], isWords ? "int32" : "float32");
  const loss = (): tf.Scalar =>
    tf.metrics.meanSquaredError(tf.tensor(labels, [count, 3]), model.apply(x, { training: true }) as tf.Tensor).mean();
  const session = await openOnnx({ model, optimizer: "sgd", batchSize: count, loss: "meanSquaredError" });
  const { largest } = await stepLikeTfjs(session, { inputs, labels, count }, { model, loss, story: name });
  const first = largest[model.trainableWeights[0]!.originalName]!;
  expect(first, `${name}: a gradient that the tolerance would not see`).toBeGreaterThan(1e-2);
});
