import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { Dataset, File, ready } from "h5wasm";
import { describe, expect, test } from "vitest";
import { readKeras } from "./read-keras.ts";
import { readKerasH5 } from "./read-keras-h5.ts";

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
const shared = new URL("../../../../../shared/data/", import.meta.url);

test.each(["keras3.h5", "keras3.keras", "keras2.h5"])("%s loads into tfjs and predicts the same", async (name) => {
  const model = await tf.loadLayersModel(tf.io.fromMemory(await readKeras(fixture(name))));
  const pictures = tf.linspace(-1, 1, 2 * 6 * 6 * 2).reshape([2, 6, 6, 2]);
  const expected: number[] = JSON.parse(fixture("expected.json").toString())[name.split(".")[0]!];
  const values = [...(model.predict(pictures) as tf.Tensor).dataSync()];
  expect(values).toHaveLength(expected.length);
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
});

describe.skipIf(!existsSync(shared))("models of Keras 2.0 to 2.2 (needs ../shared/data)", () => {
  /** Weights, parameters, and SHA-256 over the lines "name [shape] SHA-256 of the values", as h5py reads them. */
  test.each([
    [
      "jasonyl_cifar10_ResNet20v1.084.h5",
      120,
      274442,
      "339f3b40f902d24387dd2772f2d8c9ceededdca2fff432b1784528e47e1455c8",
    ],
    ["jflashner_happyModel.h5", 14, 76225, "fa828bb246af277088444fe08f9b07f3c49c992d8fb2e190a9a1951744dddf00"],
    ["yining1023_doodleNet-model.h5", 16, 544201, "63a1516a0c2401627c415af58a16634e8335199482172954b5fe0cb86502537a"],
    [
      "oarriaga_fer2013_mini_XCEPTION.102-0.66.hdf5",
      80,
      58423,
      "bf2efd2f119242aa6264f8f1c0a951d9b9218dac6ed1761d72dd06396449a9b9",
    ],
  ])("%s: every weight as h5py reads it, and tfjs takes it", async (name, weights, parameters, digest) => {
    const artifacts = await readKerasH5(readFileSync(new URL(`keras_h5/${name}`, shared)));
    const lines = weightLines(artifacts);
    expect(lines).toHaveLength(weights);
    expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(digest);
    const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    expect(model.countParams()).toBe(parameters);
    model.dispose();
  });

  // Ten pictures take two seconds on tfjs' plain backend; all 150 were compared once (144 right, as stored).
  test("happyModel gives the stored probabilities for pictures of test_happy.h5", async () => {
    const artifacts = await readKerasH5(readFileSync(new URL("keras_h5/jflashner_happyModel.h5", shared)));
    const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    const stored = JSON.parse(readFileSync(new URL("keras_h5/jflashner_happyModel_numpy_probs.json", shared), "utf8"));
    const scores = (model.predict(await happyPictures(10)) as tf.Tensor).dataSync();
    expect(scores).toHaveLength(10);
    scores.forEach((score, i) => {
      expect(Math.abs(score - stored.probs[i])).toBeLessThan(1e-4);
    });
  });
});

describe("files that can't be read are refused, with the reason", () => {
  const refused = (bytes: Uint8Array) => expect(readKerasH5(bytes, { name: "model.h5" })).rejects;
  const whole = fixture("keras3.h5");

  test("not HDF5", async () => {
    await refused(new Uint8Array()).toThrow("model.h5: not an HDF5 file (got 0 bytes without the HDF5 signature");
    await refused(Buffer.from("PK\x03\x04 and so on")).toThrow(/a zip archive.*Keras 3's \.keras format/);
  });

  test("archives without a model, cut short or damaged", async () => {
    const archive = fixture("keras3.keras");
    await expect(readKeras(archive.subarray(0, 9000), { name: "m.keras" })).rejects.toThrow(
      /^m.keras: the zip archive is cut short or damaged: invalid zip data \(got 9000 bytes\)/,
    );
    const renamed = Buffer.from(
      archive.toString("latin1").replaceAll("model.weights.h5", "other.weights.h5"),
      "latin1",
    );
    await expect(readKeras(renamed)).rejects.toThrow(/no Keras model \(wanted model\.weights\.h5\)/);
    for (let at = 4; at < archive.length; at += 389) {
      const damaged = Uint8Array.from(archive);
      damaged.fill(0xff, at, at + 64);
      await readKeras(damaged).catch((error: unknown) => expect(error).toMatchObject({ name: "ResonnxError" }));
    }
  });

  test("cut short or damaged", async () => {
    await refused(whole.subarray(0, 20_000)).toThrow(
      /model.h5: the HDF5 file is cut short \(got 20000 bytes, wanted 46160 bytes\)/,
    );
    for (let at = 8; at < whole.length; at += 389) {
      const damaged = Uint8Array.from(whole);
      damaged.fill(0xff, at, at + 64);
      // Damage may fall into a weight's values, which nothing can notice; anything else is a typed error.
      await readKerasH5(damaged).catch((error: unknown) => expect(error).toMatchObject({ name: "ResonnxError" }));
    }
  });

  test("weights only, no model, missing weights", async () => {
    await refused(await made((file) => file.create_attribute("layer_names", ["conv1"]))).toThrow(
      /the file holds weights only.*save it with model\.save\(\)/,
    );
    await refused(await made((file) => file.create_group("other"))).toThrow(
      /the HDF5 file holds no Keras model \(got the keys other/,
    );
    await refused(await made((file) => file.create_attribute("model_config", "{"))).toThrow(/model_config is not JSON/);
    await refused(await made((file) => file.create_attribute("model_config", "[]"))).toThrow(
      /model_config describes no model/,
    );
    const config = JSON.stringify({
      class_name: "Sequential",
      config: [{ class_name: "Dense", config: { name: "fc" } }],
    });
    await refused(await made((file) => file.create_attribute("model_config", config))).toThrow(
      /the weights are missing/,
    );
    const listed = (file: File, fill: (file: File) => void) => {
      file.create_attribute("model_config", config);
      file.create_group("model_weights").create_attribute("layer_names", ["fc"]);
      fill(file);
    };
    await refused(await made((file) => listed(file, () => {}))).toThrow(/the group of layer fc is listed but missing/);
    const empty = (file: File) => file.get("model_weights");
    await refused(
      await made((file) =>
        listed(file, () => {
          const weights = empty(file);
          if (weights && "create_group" in weights)
            weights.create_group("fc").create_attribute("weight_names", ["fc/kernel:0"]);
        }),
      ),
    ).toThrow(/the weight fc\/kernel:0 is listed but missing/);
  });
});

function weightLines({ weightSpecs = [], weightData }: tf.io.ModelArtifacts): string[] {
  let at = 0;
  return weightSpecs.map(({ name, shape }) => {
    const bytes = new Uint8Array(weightData as ArrayBuffer, at, 4 * shape.reduce((a, b) => a * b, 1));
    at += bytes.length;
    return `${name} [${shape.join(",")}] ${createHash("sha256").update(bytes).digest("hex")}`;
  });
}

async function happyPictures(count: number): Promise<tf.Tensor> {
  const { FS } = await ready;
  FS.writeFile("/happy.h5", readFileSync(new URL("h5/test_happy.h5", shared)));
  const pixels = new File("/happy.h5", "r").get("test_set_x");
  if (!(pixels instanceof Dataset)) throw new Error("test_happy.h5 has no test_set_x");
  const first = pixels.slice([[0, count], [], [], []]);
  return tf.tensor(Float32Array.from(first as Uint8Array), [count, 64, 64, 3]).div(255);
}

/** The bytes of a new HDF5 file. */
async function made(fill: (file: File) => void): Promise<Uint8Array> {
  const { FS } = await ready;
  const file = new File("/made.h5", "w");
  fill(file);
  file.close();
  return FS.readFile("/made.h5");
}
