import { expect, test } from "vitest";
import { forward } from "../index.ts";

const picture = [null, 4, 4, 1];

/** A Sequential of weightless layers behind an input, as the source says that it was written. */
const artifacts = (
  source: object,
  layers: readonly (readonly [string, object])[],
  shape: readonly unknown[] = picture,
) => ({
  modelTopology: {
    keras_version: "2.21.0",
    ...source,
    class_name: "Sequential",
    config: {
      name: "model",
      layers: [["InputLayer", { batch_input_shape: shape, name: "x" }] as const, ...layers].map(
        ([class_name, config], i) => ({ class_name, config: { name: `layer_${i}`, ...config } }),
      ),
    },
  },
});
const options = { training: false, weights: "constants" } as const;
const nodesOf = (source: Parameters<typeof forward>[0]) => forward(source, options).graph.order();

const bilinear = [["UpSampling2D", { size: 2, interpolation: "bilinear" }]] as const;
const hardSigmoid = [["Activation", { activation: "hard_sigmoid" }]] as const;

test.each([
  ["a model.json that Keras 2 wrote runs in tfjs", artifacts({}, bilinear), "asymmetric"],
  ["a model that tfjs wrote", artifacts({ keras_version: "tfjs-layers 4.22.0" }, bilinear), "asymmetric"],
  ["a Keras 2 file", { ...artifacts({}, bilinear), convertedBy: "Resonnx" }, "half_pixel"],
  ["a Keras 3 file", artifacts({ keras_version: "3.9.0" }, bilinear), "half_pixel"],
])("UpSampling2D bilinear: %s", (_name, source, wanted) => {
  const modes = nodesOf(source).flatMap((node) => (node.is("Resize") ? node.attrs.coordinate_transformation_mode : []));
  expect(modes).toEqual([wanted]);
});

test.each([
  ["2.21.0", 0.2],
  ["tfjs-layers 4.22.0", 0.2],
  ["3.9.0", 1 / 6],
])("hard_sigmoid of %s", (keras_version, slope) => {
  const slopes = nodesOf(artifacts({ keras_version }, hardSigmoid)).flatMap((node) =>
    node.is("HardSigmoid") ? node.attrs.alpha : [],
  );
  expect(slopes).toEqual([slope]);
});

test("hard_sigmoid of Keras 3 inside a model inside a model", () => {
  const inner = artifacts({ keras_version: "3.9.0" }, hardSigmoid).modelTopology;
  const source = artifacts({ keras_version: "3.9.0" }, [["Sequential", inner.config]]);
  expect(nodesOf(source).flatMap((node) => (node.is("HardSigmoid") ? node.attrs.alpha : []))).toEqual([1 / 6]);
});

test("Keras 3 overrides the training flag that it saves with a call, Keras 2 does not", () => {
  const node = { inbound_nodes: [[["x", 0, 0, { training: true }]]] };
  const kerasThree = {
    args: [{ class_name: "__keras_tensor__", config: { keras_history: ["x", 0, 0] } }],
    kwargs: { training: true },
  };
  const model = (keras_version: string, inbound_nodes: unknown) => ({
    modelTopology: {
      keras_version,
      class_name: "Functional",
      config: {
        name: "model",
        layers: [
          { class_name: "InputLayer", config: { batch_input_shape: picture, name: "x" }, inbound_nodes: [] },
          { class_name: "RandomFlip", config: { name: "flip" }, inbound_nodes },
        ],
        input_layers: [["x", 0, 0]],
        output_layers: [["flip", 0, 0]],
      },
    },
  });
  expect(() => forward(model("2.21.0", node.inbound_nodes), options)).toThrow(/in training/);
  for (const nodes of [[kerasThree], node.inbound_nodes])
    expect(forward(model("3.9.0", nodes), options).graph.order()).toEqual([]);
});

test("how many numbers a CategoryEncoding of tfjs reads is unknown, whatever its file says", () => {
  const encoding = [["CategoryEncoding", { num_tokens: 6, output_mode: "count" }]] as const;
  const { graph } = forward(artifacts({ keras_version: "tfjs-layers 4.22.0" }, encoding, [null, 6]), options);
  expect(graph.inputs.map(({ shape }) => shape)).toEqual([["batch", "x_dim_1"]]);
  expect(graph.outputs.map(({ value }) => value.shape)).toEqual([["batch", 6]]);
});
