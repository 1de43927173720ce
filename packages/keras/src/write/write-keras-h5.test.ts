import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { Dataset, File, Group, ready } from "h5wasm";
import { expect, test } from "vitest";
import { artifactsOf, weightsByName } from "../fixtures/artifacts.test.helper.ts";
import { readKerasH5 } from "../read/read-keras-h5.ts";
import { writeKerasH5 } from "./write-keras-h5.ts";

function smallModel(): tf.LayersModel {
  const input = tf.input({ name: "input_1", shape: [4, 4, 1] });
  const conv = tf.layers.conv2d({ name: "block/conv", filters: 2, kernelSize: 3, activation: "relu" }).apply(input);
  const bn = tf.layers.batchNormalization({ name: "bn" }).apply(conv);
  const flat = tf.layers.flatten({ name: "flatten" }).apply(bn);
  const inner = tf.sequential({
    name: "inner",
    layers: [tf.layers.dense({ name: "hidden", units: 3, inputShape: [8] })],
  });
  return tf.model({ name: "small", inputs: input, outputs: inner.apply(flat) as tf.SymbolicTensor });
}

async function opened<T>(bytes: Uint8Array, use: (file: File) => T): Promise<T> {
  const { FS } = await ready;
  FS.writeFile("/test.h5", bytes);
  const file = new File("/test.h5", "r");
  try {
    return use(file);
  } finally {
    file.close();
  }
}

test("the file has the legacy Keras layout", async () => {
  const compile = {
    optimizer: { className: "Adam", config: { learning_rate: 0.01 } },
    loss: "mse",
    metrics: ["accuracy"],
  } as const;
  const bytes = await writeKerasH5(await artifactsOf(smallModel()), { compile });
  await opened(bytes, (file) => {
    const weights = file.get("model_weights");
    if (!(weights instanceof Group)) throw new Error("no group model_weights");
    for (const group of [file, weights]) {
      expect(group.attrs.keras_version?.value).toBe("2.15.0");
      expect(group.attrs.backend?.value).toBe("tensorflow");
    }
    expect(file.attrs.model_config?.metadata).toMatchObject({ vlen: true });
    const config = JSON.parse(String(file.attrs.model_config?.value));
    expect(config.class_name).toMatch(/Functional|Model/);
    expect(config.config.layers[1].config).toMatchObject({
      kernel_size: [3, 3],
      use_bias: true,
      data_format: "channels_last",
    });
    expect(JSON.parse(String(file.attrs.training_config?.value))).toMatchObject({
      optimizer_config: { class_name: "Adam", config: { learning_rate: 0.01 } },
      loss: "mse",
    });
    expect(weights.attrs.layer_names?.value).toEqual(["input_1", "block/conv", "bn", "flatten", "inner"]);
    const names = (layer: string) => (weights.get(layer) as Group).attrs.weight_names?.value;
    expect(names("block/conv")).toEqual(["block/conv/kernel:0", "block/conv/bias:0"]);
    expect(names("bn")).toEqual(["gamma", "beta", "moving_mean", "moving_variance"].map((name) => `bn/${name}:0`));
    expect(names("inner")).toEqual(["hidden/kernel:0", "hidden/bias:0"]);
    expect(names("flatten")).toHaveLength(0);
    const kernel = weights.get("block/conv/block/conv/kernel:0");
    if (!(kernel instanceof Dataset)) throw new Error("no dataset for the kernel");
    expect([kernel.shape, kernel.dtype]).toEqual([[3, 3, 1, 2], "<f"]);
  });
});

test("what is written reads back bit for bit, and predicts the same", async () => {
  const model = smallModel();
  const artifacts = await artifactsOf(model);
  const back = await readKerasH5(await writeKerasH5(artifacts));
  expect(weightsByName(back)).toEqual(weightsByName(artifacts));
  const again = await tf.loadLayersModel(tf.io.fromMemory(back));
  const pictures = tf.linspace(-1, 1, 32).reshape([2, 4, 4, 1]);
  const values = (one: tf.LayersModel) => [...(one.predict(pictures) as tf.Tensor).dataSync()];
  expect(values(again)).toEqual(values(model));
});

const layersCases = new URL("../../../../../shared/data/conformance/layers/", import.meta.url);

test.skipIf(!existsSync(layersCases))(
  "every model that tfjs saved goes out and comes back (needs ../shared/data)",
  async () => {
    const cases = readdirSync(layersCases).filter((name) => name.endsWith("__tfjssave"));
    expect(cases.length).toBeGreaterThan(300);
    for (const name of cases) {
      const { modelTopology, weightsManifest } = JSON.parse(
        readFileSync(new URL(`${name}/model.json`, layersCases), "utf8"),
      );
      const groups: tf.io.WeightsManifestConfig = weightsManifest;
      const shards = groups.flatMap(({ paths }) =>
        paths.map((path) => readFileSync(new URL(`${name}/${path}`, layersCases))),
      );
      const weightData = new Uint8Array(Buffer.concat(shards)).buffer;
      const artifacts = { modelTopology, weightSpecs: groups.flatMap(({ weights }) => weights), weightData };
      const back = await readKerasH5(await writeKerasH5(artifacts));
      expect(weightsByName(back), name).toEqual(weightsByName(artifacts));
    }
  },
);

test("an optimizer's state stays out of the file", async () => {
  const artifacts = await artifactsOf(smallModel());
  const state: tf.io.WeightsManifestEntry = { name: "bn/gamma/m", shape: [2], dtype: "float32", group: "optimizer" };
  const weightData = tf.io.concatenateArrayBuffers([artifacts.weightData as ArrayBuffer, new ArrayBuffer(8)]);
  const withState = { ...artifacts, weightSpecs: [...artifacts.weightSpecs!, state], weightData };
  expect(weightsByName(await readKerasH5(await writeKerasH5(withState)))).toEqual(weightsByName(artifacts));
});

test("topology and weights that don't fit together are refused", async () => {
  const artifacts = await artifactsOf(smallModel());
  const { weightSpecs = [] } = artifacts;
  const refused = (change: Partial<tf.io.ModelArtifacts>) => expect(writeKerasH5({ ...artifacts, ...change })).rejects;
  await refused({ modelTopology: {} }).toThrow(/the topology describes no layers model/);
  await refused({ weightData: new ArrayBuffer(10) }).toThrow(/weights and their specs don't fit \(got 10 bytes/);
  await refused({ weightSpecs: [{ ...weightSpecs[0]!, name: "other/kernel" }, ...weightSpecs.slice(1)] }).toThrow(
    /the weight other\/kernel belongs to no layer/,
  );
  const quantization = { dtype: "uint8", scale: 1, min: 0 } as const;
  await refused({ weightSpecs: [{ ...weightSpecs[0]!, quantization }, ...weightSpecs.slice(1)] }).toThrow(
    /quantized uint8/,
  );
});
