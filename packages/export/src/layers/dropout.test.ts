import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { forward } from "../forward/forward.ts";
import { artifactsOf } from "../source/live.ts";
import { expectClose, runGraph } from "../testing/onnxruntime.ts";
import { chain, randomTensor } from "../testing/tiny.ts";

const BATCH = 2;
const { layers } = tf;

/** The training forward of one layer over [batch, 4, 3], and what it wants drawn. */
async function trained(layer: tf.layers.Layer) {
  const model = chain([4, 3], layer);
  const made = forward(await artifactsOf(model), { training: true, weights: "constants", batchSize: BATCH });
  return { model, ...made };
}

const x = randomTensor([BATCH, 4, 3], 5);
const normal = tf.randomNormal([BATCH, 4, 3], 0, 1, "float32", 3);
/** A draw of zeros and `value`. */
const mask = (shape: number[], value: number) =>
  tf.randomUniform(shape, 0, 1, "float32", 9).greater(0.4).toFloat().mul(value);

const ALPHA_P = -1.6732632423543772 * 1.0507009873554805;

test.each<[string, () => tf.layers.Layer, object, number[], tf.Tensor, (draw: tf.Tensor) => tf.Tensor]>([
  [
    "Dropout",
    () => layers.dropout({ name: "d", rate: 0.2 }),
    { from: "keep", rate: 0.2, value: 1.25 },
    [2, 4, 3],
    mask([2, 4, 3], 1.25),
    (m) => x.mul(m),
  ],
  [
    "Dropout shared along an axis",
    () => layers.dropout({ name: "d", rate: 0.5, noiseShape: [BATCH, 1, 3] }),
    { from: "keep", rate: 0.5, value: 2 },
    [2, 1, 3],
    mask([2, 1, 3], 2),
    (m) => x.mul(m),
  ],
  [
    "SpatialDropout1D",
    () => layers.spatialDropout1d({ name: "d", rate: 0.5 }),
    { from: "keep", rate: 0.5, value: 2 },
    [2, 1, 3],
    mask([2, 1, 3], 2),
    (m) => x.mul(m),
  ],
  [
    "GaussianNoise",
    () => layers.gaussianNoise({ name: "d", stddev: 0.3 }),
    { from: "normal" },
    [2, 4, 3],
    normal,
    (n) => x.add(n.mul(0.3)),
  ],
  [
    "GaussianDropout",
    () => layers.gaussianDropout({ name: "d", rate: 0.36 }),
    { from: "normal" },
    [2, 4, 3],
    normal,
    (n) => x.mul(n.mul(0.75).add(1)),
  ],
  [
    "AlphaDropout",
    () => layers.alphaDropout({ name: "d", rate: 0.2 }),
    { from: "keep", rate: 0.2, value: 1 },
    [2, 4, 3],
    mask([2, 4, 3], 1),
    (kept) => {
      // Keras' formula; tfjs 4.22 sets dropped numbers to -ALPHA_P.
      const a = ((1 - 0.2) * (1 + 0.2 * ALPHA_P ** 2)) ** -0.5;
      return x
        .mul(kept)
        .add(kept.mul(-1).add(1).mul(ALPHA_P))
        .mul(a)
        .add(-a * ALPHA_P * 0.2);
    },
  ],
])("%s in training is its formula of what is drawn", async (_name, layer, draw, dims, drawn, wanted) => {
  const { graph, inputs, randoms, outputs } = await trained(layer());
  expect(randoms).toEqual([{ name: "random/d", dims, draw }]);
  const results = await runGraph(graph, { [inputs[0]!.name!]: x, "random/d": drawn });
  expectClose(results[outputs[0]!.name], wanted(drawn));
});

test.each(["lstm", "gru", "simpleRNN"] as const)(
  "%s drops its input and its state before their products",
  async (kind) => {
    const layer = layers[kind]({ name: "d", units: 2, dropout: 0.5, recurrentDropout: 0.25 });
    const { model, graph, inputs, randoms, outputs } = await trained(layer);
    expect(randoms.map(({ name, dims }) => [name, dims])).toEqual([
      ["random/d", [BATCH, 3]],
      ["random/d#2", [BATCH, 2]],
    ]);
    const run = async (first: tf.Tensor, second: tf.Tensor) =>
      (await runGraph(graph, { [inputs[0]!.name!]: x, "random/d": first, "random/d#2": second }))[outputs[0]!.name];
    const [ones, onesOfState] = [tf.ones([BATCH, 3]), tf.ones([BATCH, 2])];
    expectClose(await run(ones, onesOfState), model.predict(x) as tf.Tensor);
    const kept = mask([BATCH, 3], 2);
    expectClose(await run(kept, onesOfState), model.predict(x.mul(kept.expandDims(1))) as tf.Tensor);
    if (kind !== "simpleRNN") return; // the others carry the state on beside the products as well
    const alone = chain([1, 3], layers.simpleRNN({ name: "d", units: 2 })); // the same seeded weights
    const last = x.slice([0, 3], [BATCH, 1]);
    expectClose(await run(ones, tf.zeros([BATCH, 2])), alone.predict(last) as tf.Tensor);
  },
);

test("random numbers for an unknown batch are refused, and frozen or switched-off layers draw none", async () => {
  const artifacts = await artifactsOf(chain([3], layers.dropout({ name: "d", rate: 0.5 })));
  expect(() => forward(artifacts, { training: true, weights: "constants" })).toThrow(
    'layer "d": random numbers for unknown sizes (got [batch,3], wanted a batch size)',
  );
  expect((await trained(layers.dropout({ name: "d", rate: 0 }))).randoms).toEqual([]);
  expect((await trained(layers.dropout({ name: "d", rate: 0.5, trainable: false }))).randoms).toEqual([]);
});
