import { chooseEngine, convolutionalBlock, identityBlock, numpyRandom, openDataset, resnet50 } from "@resonnx/core";
import { artifactsOf, exportModel } from "@resonnx/export";
import { type BackendReport, type Case, checkParity, type ParityResult } from "@resonnx/parity";
import { Tensor } from "@resonnx/runtime";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { BACKEND_NAMES, backends } from "../backends/index.ts";

/** Held-out photographs; as many as software WebGPU is given. */
const PICTURES = 8;
const SIZE = [64, 64, 3] as const;

async function compare(model: tf.LayersModel, inputs: Case["inputs"]): Promise<ParityResult> {
  const artifacts = await artifactsOf(model);
  const source = { loadArtifacts: async () => artifacts };
  return checkParity({
    model: (await exportModel(artifacts)).bytes,
    cases: [{ name: "pictures", inputs }],
    reference: backends.tfjs(source),
    backends: BACKEND_NAMES.filter((name) => name !== "tfjs").map((name) => backends[name](source)),
  });
}

/** ResNet50 after a few real steps: its batch normalizations have moved, its outputs are far from uniform. */
async function trainedResNet(): Promise<{ model: tf.LayersModel; pictures: Float32Array }> {
  const { splits, labels } = await openDataset("hand-signs");
  const model = resnet50({ classes: labels.length, batchNormMomentum: 0.5 });
  const engine = await chooseEngine({ engine: "onnx", device: "cpu" });
  const session = await engine.open({ model, optimizer: "adam", batchSize: PICTURES });
  const scaled = async (indices: readonly number[], split = splits.train) =>
    Float32Array.from(await split.read(indices), (value) => value / 255);
  for (let step = 0; step < 4; step++) {
    const indices = Array.from({ length: PICTURES }, (_, i) => step * PICTURES + i);
    const targets = new Float32Array(PICTURES * labels.length);
    for (const [row, index] of indices.entries()) targets[row * labels.length + splits.train.labels[index]!] = 1;
    await session.step({ inputs: await scaled(indices), labels: targets, count: PICTURES }, 0.001);
  }
  const { arrays } = await session.state();
  await session.dispose();
  model.setWeights(
    model.weights.map(({ originalName, shape }) => tf.tensor(arrays[originalName]!.data, shape as number[])),
  );
  return { model, pictures: await scaled([...Array(PICTURES).keys()], splits.test) };
}

function block(build: typeof identityBlock): tf.LayersModel {
  const input = tf.input({ name: "input_1", shape: [4, 4, 6] });
  return tf.model({
    inputs: input,
    outputs: build(input, { kernelSize: 2, filters: [2, 4, 6], stage: 1, block: "a" }),
  });
}

const blockInput = {
  input_1: new Tensor("float32", Float32Array.from(numpyRandom(1).randn(3 * 4 * 4 * 6)), [3, 4, 4, 6]),
};

const jobs: readonly { readonly name: string; run(): Promise<ParityResult> }[] = [
  {
    name: "a trained ResNet50 on photographs",
    async run() {
      const { model, pictures } = await trainedResNet();
      return compare(model, { input_1: new Tensor("float32", pictures, [PICTURES, ...SIZE]) });
    },
  },
  { name: "the tutorial's identity block", run: () => compare(block(identityBlock), blockInput) },
  { name: "the tutorial's convolutional block", run: () => compare(block(convolutionalBlock), blockInput) },
];

describe.each(jobs)("$name", ({ run }) => {
  const results = new Map<string, BackendReport>();
  beforeAll(async () => {
    for (const result of (await run()).backends) results.set(result.name, result);
  });

  test.each(BACKEND_NAMES.filter((name) => name !== "tfjs" && name !== "ort-node-cuda"))(
    "%s agrees with tfjs",
    (name) => {
      expect(results.get(name)).toMatchObject({ status: "ok", argmaxAgree: true });
    },
  );

  test("cuda agrees, or is skipped by name", () => {
    const { status, reason } = results.get("ort-node-cuda")!;
    expect(["ok", "skipped"]).toContain(status);
    if (status === "skipped") expect(reason).not.toBe("");
  });
});
