import type * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { type ResNet50Options, resnet50 } from "./resnet50.ts";
import { parameters } from "./summary.ts";

const names = (model: tf.LayersModel) => model.layers.map((layer) => layer.name);
const layer = (model: tf.LayersModel, name: string) => model.getLayer(name).getConfig();

test("is the tutorial's network: parameters, names, strides, normalization", () => {
  const model = resnet50();
  expect(model.name).toBe("ResNet50");
  expect(model.inputNames).toEqual(["input_1"]);
  expect(model.outputNames).toEqual(["fc6"]);
  expect(model.outputs[0]?.shape).toEqual([null, 6]);
  expect(model.countParams()).toBe(23_600_006);
  expect(parameters(model.trainableWeights)).toBe(23_546_886);

  expect(names(model).slice(0, 8)).toEqual(
    "input_1 zero_padding2d_1 conv1 bn_conv1 max_pooling2d_1 res2a_branch2a bn2a_branch2a activation_1".split(" "),
  );
  expect(names(model).slice(-4)).toEqual(["activation_48", "avg_pool", "flatten_1", "fc6"]);
  const blocks = names(model).filter((name) => name.startsWith("res") && name.endsWith("2c"));
  expect(blocks.map((name) => name.slice(3, 5)).join(" ")).toBe("2a 2b 2c 3a 3b 3c 3d 4a 4b 4c 4d 4e 4f 5a 5b 5c");

  expect(layer(model, "res3a_branch2a").strides).toEqual([2, 2]);
  expect(layer(model, "res3a_branch2b").strides).toEqual([1, 1]);
  expect(layer(model, "res3a_branch1").strides).toEqual([2, 2]);
  expect(layer(model, "res2a_branch2a")).toMatchObject({ strides: [1, 1], useBias: true, padding: "valid" });
  expect(layer(model, "bn_conv1")).toMatchObject({ axis: 3, epsilon: 1e-3, momentum: 0.99 });
});

test("options change the stem, the head, the sizes and the momentum", () => {
  const options = { inputShape: [32, 48, 1], classes: 2, stemRelu: true, batchNormMomentum: 0.9 } as const;
  const model = resnet50(options);
  expect(names(model).slice(3, 6)).toEqual(["bn_conv1", "activation_1", "max_pooling2d_1"]);
  expect(model.outputNames).toEqual(["fc2"]);
  expect(model.inputs[0]?.shape).toEqual([null, 32, 48, 1]);
  expect(layer(model, "bn5c_branch2c").momentum).toBe(0.9);
});

test("building again gives the same names and weights; a seed gives every kernel numbers of its own", async () => {
  const weights = async (options: ResNet50Options) => {
    const model = resnet50({ inputShape: [8, 8, 3], ...options });
    const values = await Promise.all(model.getWeights().map((weight) => weight.data()));
    return model.weights.map((weight, i) => ({
      name: weight.originalName,
      shape: weight.shape,
      head: values[i]!.slice(0, 8),
    }));
  };
  const [first, again] = [await weights({ seed: 7 }), await weights({ seed: 7 })];
  expect(again).toEqual(first);
  const kernels = (list: typeof first) =>
    list
      .filter(({ name, shape }) => name.endsWith("kernel") && `${shape}` === "1,1,256,64")
      .map(({ head }) => `${head}`);
  expect(new Set(kernels(first)).size).toBe(2);
  expect(new Set(kernels(await weights({}))).size).toBe(1);
  expect(kernels(await weights({ seed: 8 }))).not.toEqual(kernels(first));
});

test.each([
  [{ inputShape: [4, 64, 3] }, /resnet50 inputShape: .*got \[4, 64, 3\].*at least 5/],
  [{ inputShape: [64, 64.5, 3] }, /inputShape/],
  [{ classes: 0 }, /resnet50 classes: .*got 0/],
  [{ batchNormMomentum: 1 }, /batchNormMomentum/],
  [{ seed: -1 }, /resnet50 seed/],
] as const)("refuses %j", (options, message) => {
  expect(() => resnet50(options)).toThrow(message);
});
