import { readFileSync } from "node:fs";
import { ResonnxError } from "@resonnx/base";
import { readHdf5 } from "@resonnx/keras";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { exportModel, readArtifacts } from "./index.ts";
import { readWeights } from "./source/weights.ts";
import { expectClose, runOnnx } from "./testing/onnxruntime.ts";

const FOLDER = new URL("./fixtures/", import.meta.url).pathname;

interface Described {
  readonly name: string;
  readonly shape: number[];
  readonly data: number[];
}

/** What Keras predicts for the models that fixtures/make.py made with it. */
const expected: Record<string, { inputs: Described[]; outputs: Described[] }> = JSON.parse(
  readFileSync(`${FOLDER}expected.json`, "utf8"),
);
const files = Object.keys(expected).flatMap((name) => [`${name}.h5`, `${name}.keras`]);
const tensorOf = ({ shape, data }: Described) => tf.tensor(data, shape, "float32");

test.for(files)("%s: what Keras predicts", async (file, { skip }) => {
  const { inputs, outputs } = expected[file.replace(/\.\w+$/, "")]!;
  const feeds = Object.fromEntries(inputs.map((input) => [input.name, tensorOf(input)]));
  const exported = await exportModel(await readArtifacts(FOLDER + file), { where: file }).catch(
    (error: unknown) => error,
  );
  if (exported instanceof ResonnxError && exported.message.includes("without a rule")) return skip(exported.message);
  if (exported instanceof Error) throw exported;
  const got = await runOnnx((exported as { bytes: Uint8Array }).bytes, feeds);
  expect(Object.keys(got)).toEqual(outputs.map(({ name }) => name));
  for (const output of outputs) expectClose(got[output.name], tensorOf(output), 1e-4);
});

/** What the tensorflowjs converter makes of Keras 3's files: its topology as it stands, which tfjs can't load. */
test("a model.json with the topology of Keras 3", async () => {
  const artifacts = await readArtifacts(`${FOLDER}nested.keras3.h5`);
  const text = await readHdf5(
    readFileSync(`${FOLDER}nested.keras3.h5`),
    "h5",
    (file) => file.attrs.model_config!.value,
  );
  const config = JSON.parse(String(text));
  expect(config.config.layers[0].config.batch_shape).toEqual([null, 4, 4, 2]);
  const { inputs, outputs } = expected["nested.keras3"]!;
  for (const modelTopology of [{ model_config: config, keras_version: "3.15.1" }, config]) {
    const { bytes } = await exportModel({ ...artifacts, modelTopology }, { where: "model.json" });
    const got = await runOnnx(bytes, inputs.map(tensorOf));
    for (const output of outputs) expectClose(got[output.name], tensorOf(output), 1e-4);
  }
});

test.each(Object.keys(expected))("%s: .h5 and .keras hold the same weights", async (name) => {
  const weightsIn = async (ending: string) => {
    const weights = readWeights(await readArtifacts(`${FOLDER}${name}.${ending}`), name);
    const lines = weights.map((weight) => [weight.name, weight.data.dims, [...weight.data.data]] as const);
    return lines.sort(([a], [b]) => a.localeCompare(b));
  };
  expect(await weightsIn("keras")).toEqual(await weightsIn("h5"));
});
