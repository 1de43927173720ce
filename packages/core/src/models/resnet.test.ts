import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { happyModel } from "./happy-model.ts";
import { MODEL_NAMES } from "./model-names.ts";
import { checkNetwork, networkNamed } from "./network.ts";
import { type ResNetOptions, resnet } from "./resnet.ts";
import { parameters } from "./summary.ts";
import { tutorialResNet } from "./tutorial-resnet.ts";

beforeAll(() => tf.enableProdMode()); // no banner

const small = { inputShape: [32, 32, 3], classes: 5 } as const;
const strides = (model: tf.LayersModel) =>
  model.layers
    .map((layer) => ({ name: layer.name, ...(layer.getConfig() as { strides?: number[] }) }))
    .filter((layer) => layer.strides?.[0] === 2 && !/^(conv1|pool1|max_pool|avg)/.test(layer.name))
    .map(({ name }) => name);

test.each([
  ["v1", ["conv3_block1_1_conv", "conv3_block1_0_conv"]],
  ["v1.5", ["conv3_block1_2_conv", "conv3_block1_0_conv"]],
  ["v2", ["conv2_block3_2_conv", "conv2_block3_0_pool"]],
] as const)("%s halves its pictures where its paper does", (form, places) => {
  const found = strides(resnet({ ...small, depth: 50, form }));
  expect(found).toHaveLength(6);
  expect(found).toEqual(expect.arrayContaining([...places]));
});

test("layers are named as in Keras' applications, and make up the same shapes", () => {
  const model = resnet({ ...small, depth: 18, form: "v1" });
  const names = model.layers.map(({ name }) => name);
  expect(names.slice(0, 7).join(" ")).toBe("input_1 conv1_pad conv1_conv conv1_bn conv1_relu pool1_pad pool1_pool");
  expect(names.slice(-4).join(" ")).toBe("conv5_block2_add conv5_block2_out avg_pool predictions");
  expect(names).not.toContain("conv2_block1_0_conv"); // 64 channels stay 64
  expect(model.getLayer("conv5_block1_out").outputShape).toEqual([null, 1, 1, 512]);
});

test("the tutorial's form in other depths", () => {
  const [shallow, deep] = [tutorialResNet({ ...small, depth: 18 }), tutorialResNet({ ...small, depth: 101 })];
  expect(strides(shallow)).toContain("res3a_branch2a");
  expect(shallow.getLayer("res5b_branch2b").getConfig()).toMatchObject({ filters: 512, kernelSize: [3, 3] });
  expect(() => shallow.getLayer("res2a_branch1")).toThrow();
  expect(deep.getLayer("res4b22_branch2c").outputShape).toEqual([null, 2, 2, 1024]);
  const moved = tutorialResNet({ ...small, depth: 50, stridesOn: "middle", stemRelu: true });
  expect(strides(moved)).toContain("res3a_branch2b");
  expect(moved.countParams()).toBe(tutorialResNet({ ...small, depth: 50 }).countParams());
});

test("the HappyModel is the tutorial's: a sigmoid, or a softmax over more classes", () => {
  const model = happyModel();
  // 7*7*3*32 + 32 of conv0, 4*32 of bn0, 32*32*32 + 1 of fc
  expect(model.countParams()).toBe(4736 + 128 + 32_769);
  expect(model.outputs[0]!.shape).toEqual([null, 1]);
  expect(happyModel({ classes: 6, inputShape: [20, 30, 1] }).outputs[0]!.shape).toEqual([null, 6]);
  expect(parameters(model.nonTrainableWeights)).toBe(64);
});

test("a seed fixes the weights", async () => {
  const head = async (options: Partial<ResNetOptions>) => {
    const model = resnet({ ...small, depth: 18, form: "v2", ...options });
    return [...(await model.getLayer("conv3_block1_1_conv").getWeights()[0]!.data()).slice(0, 4)];
  };
  expect(await head({ seed: 3 })).toEqual(await head({ seed: 3 }));
  expect(await head({ seed: 3 })).not.toEqual(await head({ seed: 4 }));
});

test("every name builds; others and misfits are refused", async () => {
  expect(MODEL_NAMES).toHaveLength(5 * 4 + 1);
  expect(MODEL_NAMES.map((name) => typeof networkNamed(name))).toEqual(MODEL_NAMES.map(() => "function"));
  const facts = { width: 48, height: 32, classes: 2, batchNormMomentum: 0.9 };
  const model = await networkNamed("happyModel")(facts);
  expect(() => checkNetwork(model, facts, "m")).not.toThrow();
  expect(() => checkNetwork(model, { ...facts, width: 32 }, "m")).toThrow(
    /m: .*got \[null,32,48,3\] -> \[null,2\], wanted/,
  );
  expect(() => networkNamed("toString")).toThrow(/--model: unknown \(got toString, wanted resnet18, /);
  expect(() => resnet({ depth: 34, form: "v2", classes: 0 })).toThrow(/resnet34-v2 classes/);
  expect(() => happyModel({ inputShape: [4, 4, 3] })).toThrow(/happyModel inputShape/);
});
