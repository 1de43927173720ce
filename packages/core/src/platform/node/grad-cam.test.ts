import { artifactsOf, exportModel } from "@resonnx/export";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { randomFor } from "../../random/random.ts";
import { tinyResNet } from "../../testing/tiny.ts";
import { openOnnx, seedWeights, uniform } from "../../testing/train.ts";
import { gradCam } from "./grad-cam.ts";
import { withWeights } from "./run/model-forms.ts";

const SIZE = 8;
const { conv2d, maxPooling2d, flatten, dense, globalAveragePooling2d, batchNormalization } = tf.layers;

const chain = (name: string, channels: number, layers: readonly tf.layers.Layer[]): tf.LayersModel => {
  const input = tf.input({ shape: [SIZE, SIZE, channels], name: "x" });
  const output = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input); // symbols in, symbols out
  return tf.model({ inputs: input, outputs: output, name });
};

/** Two convolutions; every place has a weight of its own behind them. */
const convnet = (): tf.LayersModel =>
  seedWeights(
    chain("convnet", 3, [
      conv2d({ name: "conv1", filters: 4, kernelSize: 3, padding: "same", activation: "relu" }),
      maxPooling2d({ name: "pool1", poolSize: 2 }),
      conv2d({ name: "conv2", filters: 5, kernelSize: 2, activation: "tanh" }),
      batchNormalization({ name: "bn" }),
      maxPooling2d({ name: "pool2", poolSize: 2, strides: 1 }),
      flatten({ name: "flatten" }),
      dense({ name: "fc", units: 3, activation: "softmax" }),
    ]),
  );

/** Grad-CAM by tfjs' own gradients: features up to `last`, the layers behind it applied again, `fc` without its softmax. */
function byTfjs(model: tf.LayersModel, last: string, behind: readonly string[], x: tf.Tensor4D, classes: number[]) {
  const until = tf.model({ inputs: model.inputs, outputs: model.getLayer(last).output as tf.SymbolicTensor });
  const features = until.predict(x) as tf.Tensor4D;
  const [kernel, bias] = model.getLayer("fc").getWeights();
  const wanted = tf.oneHot(tf.tensor1d(classes, "int32"), 3);
  const score = (a: tf.Tensor): tf.Tensor => {
    const flat = behind.reduce((value, name) => model.getLayer(name).apply(value) as tf.Tensor, a);
    return (flat as tf.Tensor2D)
      .matMul(kernel as tf.Tensor2D)
      .add(bias!)
      .mul(wanted)
      .sum();
  };
  const slopes = tf.grad(score)(features);
  const map = features
    .mul(slopes.mean([1, 2], true))
    .sum(3, true)
    .relu() as tf.Tensor4D;
  const stretched = tf.image.resizeBilinear(map, [SIZE, SIZE], false, true);
  const most = stretched.max([1, 2], true).maximum(1e-30); // a map of zeros stays one
  return stretched.div(most).dataSync<"float32">();
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

describe("gradCam", () => {
  // More pictures than one run takes, the last run not full.
  const classes = Array.from({ length: 11 }, (_, i) => i % 3);
  const pictures = uniform(classes.length * SIZE * SIZE * 3, 7, 0, 1);
  const x = tf.tensor4d(pictures, [classes.length, SIZE, SIZE, 3]);

  test.each([
    ["a convnet", convnet, 2, [3, 3], "bn", ["pool2", "flatten"]],
    ["its earlier features", convnet, 10, [8, 8], "conv1", ["pool1", "conv2", "bn", "pool2", "flatten"]],
    ["a tiny ResNet", () => seedWeights(tinyResNet()), 2, [2, 2], "relu2", ["avg", "flatten"]],
  ] as const)("%s: the maps of tfjs' own gradients", async (_, build, leastPlaces, shape, last, behind) => {
    const model = build();
    const request = { pictures, width: SIZE, height: SIZE, classes, leastPlaces };
    const { maps, width, height, places } = await gradCam(model, request);
    expect(places).toEqual(shape);
    expect([width, height, maps.length]).toEqual([SIZE, SIZE, classes.length * SIZE * SIZE]);
    const wanted = byTfjs(model, last, behind, x, classes);
    expect(Math.max(...wanted)).toBe(1);
    expect(largest(maps, wanted)).toBeLessThan(1e-4);
  });

  test("any form of the file gives the same maps: channels first, a fixed batch, another precision is refused", async () => {
    const model = convnet();
    const request = { pictures, width: SIZE, height: SIZE, classes };
    const wanted = (await gradCam(model, request)).maps;
    const { bytes: fixed } = await exportModel(model, { batchSize: 2 });
    expect(largest((await gradCam(fixed, request)).maps, wanted)).toBeLessThan(1e-5);
    const { bytes: first } = await exportModel(model, { layout: "nchw" });
    const turned = x.transpose([0, 3, 1, 2]).dataSync<"float32">();
    const maps = await gradCam(first, { ...request, pictures: turned, layout: "nchw" });
    expect(largest(maps.maps, wanted)).toBeLessThan(1e-5);
    const { bytes: half } = await exportModel(model, { precision: "fp16", halfIo: true });
    await expect(gradCam(half, request)).rejects.toMatchObject({ code: "unsupported" });
  });

  test("a class that one corner decides is seen there", async () => {
    const colour = (index: number) => index % 2; // 0: the corner is red, 1: blue
    const picture = (index: number): Float32Array => {
      const random = randomFor(5, 0, index);
      const rgb = new Float32Array(SIZE * SIZE * 3);
      for (let i = 0; i < SIZE * SIZE; i++) rgb.fill(0.6 * random(), i * 3, i * 3 + 3); // grey noise
      for (const at of [0, 1, SIZE, SIZE + 1]) rgb[(SIZE * 6 + 6 + at) * 3 + 2 * colour(index)] = 1; // the 2 x 2 pixels from (6, 6)
      return rgb;
    };
    const model = seedWeights(
      chain("corner", 3, [
        conv2d({ name: "conv1", filters: 6, kernelSize: 3, padding: "same", activation: "relu" }),
        conv2d({ name: "conv2", filters: 6, kernelSize: 3, padding: "same", activation: "relu" }),
        globalAveragePooling2d({ name: "mean" }),
        dense({ name: "fc", units: 2, activation: "softmax" }),
      ]),
      11,
    );
    const inputs = (count: number, from: number) =>
      Float32Array.from(Array.from({ length: count }, (_, i) => [...picture(from + i)]).flat());
    const labels = Float32Array.from({ length: 64 }, (_, i) => (i % 2 === colour(i >> 1) ? 1 : 0));
    const session = await openOnnx({ model, optimizer: "adam", batchSize: 32 });
    for (let step = 0; step < 120; step++)
      await session.step({ inputs: inputs(32, 32 * step), labels, count: 32 }, 0.02);
    const unseen = inputs(8, 100);
    const classes = Array.from({ length: 8 }, (_, i) => colour(100 + i));
    const guesses = await session.predict(unseen, 8);
    expect(classes.map((label, k) => guesses[2 * k + label]! > 0.9)).toEqual(classes.map(() => true));
    const trained = withWeights(await artifactsOf(model), await session.state());
    const { maps } = await gradCam(trained, { pictures: unseen, width: SIZE, height: SIZE, classes });
    for (const k of classes.keys()) {
      const map = maps.subarray(k * SIZE * SIZE, (k + 1) * SIZE * SIZE);
      const mass = map.reduce((a, b) => a + b, 0);
      const corner = map.reduce((sum, value, i) => sum + (i % SIZE >= 4 && i >= SIZE * 4 ? value : 0), 0);
      expect(corner / mass, `picture ${k}`).toBeGreaterThan(2 / 3); // in a quarter of the picture
      expect(map.indexOf(1) % SIZE, `picture ${k}`).toBeGreaterThanOrEqual(5);
      expect(map.indexOf(1), `picture ${k}`).toBeGreaterThanOrEqual(5 * SIZE);
    }
  });

  test("what can't be explained is refused", async () => {
    const model = convnet();
    const one = { pictures: pictures.subarray(0, SIZE * SIZE * 3), width: SIZE, height: SIZE };
    await expect(gradCam(model, { ...one, classes: [3] })).rejects.toThrow(
      "heat maps: no such class (got 3, wanted 0 to 2)",
    );
    await expect(gradCam(model, { ...one, classes: [0, 1] })).rejects.toThrow(
      "pictures don't fit their classes and size",
    );
    await expect(gradCam(model, { ...one, classes: [] })).rejects.toThrow("pictures don't fit their classes and size");
    await expect(gradCam(model, { ...one, width: 4, height: 16, classes: [0] })).rejects.toThrow(
      "pictures don't fit the model (got [8,16,4,3], wanted [batch,8,8,3])",
    );
    const flat = chain("flat", 3, [
      flatten({ name: "flatten" }),
      dense({ name: "fc", units: 3, activation: "softmax" }),
    ]);
    await expect(gradCam(flat, { ...one, classes: [0] })).rejects.toMatchObject({ code: "unsupported" });
  });
});
