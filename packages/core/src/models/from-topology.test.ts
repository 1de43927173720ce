import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { modelFromTopology } from "./from-topology.ts";

beforeAll(() => tf.enableProdMode()); // no banner

const dtype = { module: "keras", class_name: "DTypePolicy", config: { name: "float32" }, registered_name: null };
const glorot = {
  module: "keras.initializers",
  class_name: "GlorotUniform",
  config: { seed: null },
  registered_name: null,
};
const input = {
  module: "keras.layers",
  class_name: "InputLayer",
  config: { batch_shape: [null, 6, 6, 3], dtype: "float32", sparse: false, ragged: false, name: "x", optional: false },
  registered_name: null,
};

/** A layer as Keras 3.8 and later write it. */
const layer = (class_name: string, name: string, config: object) => ({
  module: "keras.layers",
  class_name,
  config: { name, trainable: true, dtype, ...config },
  registered_name: null,
});
const layers = [
  layer("Conv2D", "conv", { filters: 4, kernel_size: [3, 3], activation: "silu", kernel_initializer: glorot }),
  layer("GlobalAveragePooling2D", "gap", { data_format: "channels_last", keepdims: false }),
  layer("Dense", "y", { units: 2, activation: "softmax", kernel_initializer: glorot }),
];

const sequential = {
  module: "keras",
  class_name: "Sequential",
  config: { name: "net", trainable: true, dtype, layers: [input, ...layers], build_input_shape: [null, 6, 6, 3] },
  registered_name: null,
  build_config: { input_shape: [null, 6, 6, 3] },
};

/** The call of a layer on the only output of another. */
const called = (name: string) => [
  { args: [{ class_name: "__keras_tensor__", config: { keras_history: [name, 0, 0] } }], kwargs: {} },
];
const functional = {
  module: "keras.src.models.functional",
  class_name: "Functional",
  config: {
    name: "net",
    trainable: true,
    layers: [
      { ...input, name: "x", inbound_nodes: [] },
      ...layers.map((each, i) => ({
        ...each,
        name: each.config.name,
        inbound_nodes: called(["x", "conv", "gap"][i]!),
      })),
    ],
    input_layers: ["x", 0, 0],
    output_layers: ["y", 0, 0],
  },
  registered_name: "Functional",
  build_config: { input_shape: null },
};

/** The same network as tfjs writes it. */
function ofTfjs(): string {
  const kernelInitializer = "glorotUniform";
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [6, 6, 3], filters: 4, kernelSize: 3, activation: "swish", kernelInitializer }),
      tf.layers.globalAveragePooling2d({ dataFormat: "channelsLast" }),
      tf.layers.dense({ units: 2, activation: "softmax", kernelInitializer }),
    ],
  });
  return JSON.stringify(model.toJSON(null, false));
}

const numbers = (model: tf.LayersModel) => model.getWeights().map((weight) => [...weight.dataSync()]);

test.each([
  ["Sequential", sequential],
  ["functional", functional],
])("a %s model as Keras 3 writes it is the one that tfjs writes, with the same weights for a seed", async (_, json) => {
  const model = await modelFromTopology(JSON.stringify(json), 7, "config.json");
  const same = await modelFromTopology(ofTfjs(), 7, "model.json");
  expect(numbers(model)).toEqual(numbers(same));
  expect(new Set(numbers(model)[0]).size).toBeGreaterThan(100); // drawn
  const pictures = tf.linspace(-1, 1, 6 * 6 * 3).reshape([1, 6, 6, 3]);
  const [got, wanted] = [model, same].map((each) => [...(each.predict(pictures) as tf.Tensor).dataSync()]);
  expect(got).toEqual(wanted);
});

test.each([
  ["layer", { ...layers[1], class_name: "EinsumDense" }, "EinsumDense"],
  ["initializer", layer("Dense", "y", { units: 2, kernel_initializer: { class_name: "Mine", config: {} } }), "Mine"],
])("a %s that tfjs has not is refused by its name", async (kind, odd, name) => {
  const json = JSON.stringify({ ...sequential, config: { ...sequential.config, layers: [input, odd] } });
  await expect(modelFromTopology(json, 7, "config.json")).rejects.toMatchObject({
    code: "unsupported",
    message: `config.json: tfjs has no such ${kind} (got ${name})`,
  });
});
