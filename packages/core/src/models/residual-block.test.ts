import { exportModel } from "@resonnx/export";
import * as tf from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { numpyRandom } from "../initializers/numpy-random.ts";
import { type BlockOptions, convolutionalBlock, identityBlock } from "./residual-block.ts";
import { resnet } from "./resnet.ts";
import { tutorialResNet } from "./tutorial-resnet.ts";

/** `out[1][1][0]` as the tutorial prints it (TensorFlow 1, `np.random.seed(1)`, `randn(3, 4, 4, 6)`, seeds 0, inference mode). */
const tutorial = [
  { block: identityBlock, shape: [3, 4, 4, 6], out: [0.94822997, 0, 1.1610144, 2.747859, 0, 1.36677] },
  {
    block: convolutionalBlock,
    shape: [3, 2, 2, 6],
    out: [0.09018463, 1.2348979, 0.46822023, 0.03671762, 0, 0.65516603],
  },
] as const;
const options: BlockOptions = { kernelSize: 2, filters: [2, 4, 6], stage: 1, block: "a" };

test.each(tutorial)("$block.name gives the tutorial's numbers", async ({ block, shape, out }) => {
  await tf.setBackend("cpu");
  const input = tf.input({ name: "input_1", shape: [4, 4, 6] });
  const model = tf.model({ inputs: input, outputs: block(input, options) });
  const pictures = tf.tensor4d(Float32Array.from(numpyRandom(1).randn(3 * 4 * 4 * 6)), [3, 4, 4, 6]);
  const result = model.predict(pictures) as tf.Tensor4D;
  expect(result.shape).toEqual(shape);
  const pixel = await result.slice([1, 1, 0, 0], [1, 1, 1, 6]).data();
  out.forEach((wanted, channel) => {
    expect(Math.abs(pixel[channel]! - wanted)).toBeLessThan(1e-6);
  });
});

test.each(tutorial)("$block.name gives them through its .onnx file too", async ({ block, shape, out }) => {
  const input = tf.input({ name: "input_1", shape: [4, 4, 6] });
  const { bytes } = await exportModel(tf.model({ inputs: input, outputs: block(input, options) }));
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const pictures = Float32Array.from(numpyRandom(1).randn(3 * 4 * 4 * 6));
  const [result] = Object.values(await session.run({ input_1: new Tensor("float32", pictures, [3, 4, 4, 6]) }));
  expect(result!.dims).toEqual(shape);
  const [, height, width, count] = shape;
  const channels = (result!.data as Float32Array).subarray((height * width + width) * count); // from [1, 1, 0] on
  out.forEach((wanted, channel) => {
    expect(Math.abs(channels[channel]! - wanted)).toBeLessThan(1e-6);
  });
});

test("names come from the stage, the block and what stands above, not from what was built before", () => {
  const names = () => {
    const input = tf.input({ name: "input_1", shape: [4, 4, 6] });
    const x = identityBlock(convolutionalBlock(input, options), { ...options, block: "b" });
    return tf.model({ inputs: input, outputs: x }).layers.map((layer) => layer.name);
  };
  expect(names()).toEqual(names());
  expect(names().filter((name) => /^(add|activation)/.test(name))).toEqual(
    "activation_1 activation_2 add_1 activation_3 activation_4 activation_5 add_2 activation_6".split(" "),
  );
  expect(names()).toEqual(expect.arrayContaining(["res1a_branch1", "bn1a_branch1", "res1b_branch2c", "bn1b_branch2c"]));
});

test("blocks whose last scale starts at 0 begin as identities with a ReLU; whole networks have one such scale a block", () => {
  const input = tf.input({ name: "input_1", shape: [4, 4, 6] });
  const model = tf.model({ inputs: input, outputs: identityBlock(input, { ...options, residualScale: 0 }) });
  const x = tf.randomNormal([2, 4, 4, 6], 0, 1, "float32", 5);
  expect([...(model.predict(x) as tf.Tensor).dataSync()]).toEqual([...x.relu().dataSync()]);
  const shape = { inputShape: [32, 32, 3], classes: 2, residualScale: 0 } as const;
  const networks = [
    { model: tutorialResNet({ ...shape, depth: 18 }), blocks: 8, last: /^bn\d._branch2b$/ },
    { model: resnet({ ...shape, depth: 50, form: "v1.5" }), blocks: 16, last: /_3_bn$/ },
    { model: resnet({ ...shape, depth: 18, form: "v1" }), blocks: 8, last: /_2_bn$/ },
    { model: resnet({ ...shape, depth: 18, form: "v2" }), blocks: 0, last: /^$/ },
  ];
  for (const { model, blocks, last } of networks) {
    const scales = model.weights.filter(({ originalName }) => originalName.endsWith("/gamma"));
    const zero = scales.filter((scale) => scale.read().abs().max().dataSync()[0] === 0);
    expect(zero).toHaveLength(blocks);
    for (const { originalName } of zero) expect(originalName.replace("/gamma", "")).toMatch(last);
  }
});
