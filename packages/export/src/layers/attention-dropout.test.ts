import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { forward } from "../forward/forward.ts";
import { expectClose, runGraph } from "../testing/onnxruntime.ts";
import { randomTensor } from "../testing/tiny.ts";

const [BATCH, QUERIES, STEPS, SIZE, HEADS] = [2, 3, 4, 5, 2];
const RATE = 0.5;

/** An attention layer over `query` and `value`, whose second output is the scores. */
function artifacts(className: string, config: object, weights: Readonly<Record<string, tf.Tensor>>) {
  const input = (name: string, time: number) => ({
    class_name: "InputLayer",
    name,
    config: { name, batch_input_shape: [null, time, SIZE] },
    inbound_nodes: [],
  });
  const kwargs = { return_attention_scores: true };
  const attention = {
    class_name: className,
    name: "d",
    config: { name: "d", dropout: RATE, ...config },
    inbound_nodes: [
      [
        ["query", 0, 0, kwargs],
        ["value", 0, 0, kwargs],
      ],
    ],
  };
  const modelTopology = {
    class_name: "Functional",
    config: {
      name: "model",
      layers: [input("query", QUERIES), input("value", STEPS), attention],
      input_layers: [
        ["query", 0, 0],
        ["value", 0, 0],
      ],
      output_layers: [
        ["d", 0, 0],
        ["d", 0, 1],
      ],
    },
  };
  const specs = Object.entries(weights).map(([name, { shape }]) => ({ name: `d/${name}`, shape, dtype: "float32" }));
  const data = Object.values(weights).flatMap((weight) => [...weight.dataSync()]);
  return {
    modelTopology,
    weightSpecs: specs as tf.io.WeightsManifestEntry[],
    weightData: Float32Array.from(data).buffer,
  };
}

const [query, value] = [randomTensor([BATCH, QUERIES, SIZE], 1), randomTensor([BATCH, STEPS, SIZE], 2)];
const drawn = (shape: number[]) => tf.randomUniform(shape, 0, 1, "float32", 9).greater(RATE).toFloat().div(RATE);

/** Output and scores in training, and what was drawn. */
async function trained(given: tf.io.ModelArtifacts, dims: number[]) {
  const { graph, outputs, randoms } = forward(given, { training: true, weights: "constants", batchSize: BATCH });
  expect(randoms).toEqual([{ name: "random/d", dims, draw: { from: "keep", rate: RATE, value: 1 / (1 - RATE) } }]);
  const results = await runGraph(graph, { query, value, "random/d": drawn(dims) });
  return outputs.map(({ name }) => results[name]!);
}

/** As `_apply_scores` in keras/src/layers/attention/attention.py: the scores it gives are those after dropout. */
test.each([
  ["Attention", {}, tf.matMul(query, value, false, true)],
  ["AdditiveAttention", { use_scale: false }, query.expandDims(2).add(value.expandDims(1)).tanh().sum(-1)],
] as const)("%s drops shares of what is attended to", async (className, config, scores) => {
  const dims = [BATCH, QUERIES, STEPS];
  const shares = tf.softmax(scores).mul(drawn(dims));
  const [output, given] = await trained(artifacts(className, config, {}), dims);
  expectClose(output, tf.matMul(shares, value));
  expectClose(given, shares);
});

/** As `_compute_attention` in keras/src/layers/attention/multi_head_attention.py: the scores it gives are those before dropout. */
test("MultiHeadAttention drops shares of what each head attends to", async () => {
  const [q, k, v] = [3, 4, 5].map((seed) => randomTensor([SIZE, HEADS, SIZE], seed)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const out = randomTensor([HEADS, SIZE, SIZE], 6);
  const weights = { "query/kernel": q, "key/kernel": k, "value/kernel": v, "attention_output/kernel": out };
  const config = { num_heads: HEADS, key_dim: SIZE, use_bias: false };
  const dims = [BATCH, HEADS, QUERIES, STEPS];
  const project = (x: tf.Tensor, kernel: tf.Tensor) => tf.einsum("btf,fhk->bhtk", x, kernel);
  const shares = tf.softmax(tf.matMul(project(query, q), project(value, k), false, true).div(Math.sqrt(SIZE)));
  const heads = tf.matMul(shares.mul(drawn(dims)), project(value, v));
  const [output, given] = await trained(artifacts("MultiHeadAttention", config, weights), dims);
  expectClose(output, tf.einsum("bhqk,hko->bqho", heads, out).sum(2));
  expectClose(given, shares);
});
