import { expect, test } from "vitest";
import { exportModel } from "../index.ts";

type Weights = Readonly<Record<string, readonly number[]>>;
type Case = readonly [
  className: string,
  config: object,
  shape: readonly (number | null)[],
  message: RegExp,
  weights?: Weights,
];

/** Configs that are wrong, or have no form in ONNX, and what the error says. */
const cases: readonly Case[] = [
  ["Conv1D", { filters: 2, kernel_size: [3, 3] }, [8, 2], /"kernel_size".*one or 1 whole numbers/],
  ["Conv2D", { filters: 2, kernel_size: 3, padding: "causal" }, [8, 8, 2], /"padding".*"causal".*"valid" or "same"/],
  ["Conv2D", { filters: 2, kernel_size: 0 }, [8, 8, 2], /"kernel_size".*got 0/],
  ["Conv2D", { filters: 2, kernel_size: 3 }, [8, 2], /rank of the input.*wanted rank 4/],
  ["Conv2D", { filters: 2, kernel_size: 3 }, [8, 8, 2], /kernel_shape differs/, { kernel: [5, 5, 2, 2], bias: [2] }],
  ["Conv2D", { filters: 2, kernel_size: 3 }, [8, 8, 2], /weight "kernel" is missing/],
  ["Conv2DTranspose", { filters: 2, kernel_size: 3, groups: 2 }, [8, 8, 2], /"groups".*got 2.*wanted 1/],
  ["MaxPooling2D", { pool_size: [9, 2] }, [8, 8, 2], /the window is larger than the padded input/],
  ["Cropping2D", { cropping: [[3, 5], 0] }, [8, 8, 2], /cropping leaves nothing.*3,5/],
  ["ZeroPadding2D", { padding: [1, 2, 3] }, [8, 8, 2], /"padding".*one or two sizes for each of 2 axes/],
  ["UpSampling2D", { interpolation: "lanczos3" }, [8, 8, 2], /"interpolation".*lanczos3.*nearest, bilinear or bicubic/],
  ["Resizing", { height: 4, width: 4, antialias: true }, [8, 8, 2], /"antialias"/],
  ["CategoryEncoding", { num_tokens: 3, output_mode: "tf_idf" }, [4], /"output_mode"/],
  ["LayerNormalization", { axis: 0 }, [8, 2], /an axis in the config.*got 0.*1 to 2/],
  ["LayerNormalization", { scale: false, center: false }, [null], /needs to know the size of an axis/],
  ["GroupNormalization", { groups: 3 }, [8, 4], /3 groups of the channels.*divides/],
  ["RandomCrop", { height: 4, width: 4 }, [8, 8, 2], /RandomCrop.*Keras 2 and 3 disagree/],
  ["Lambda", { function: ["4wEA", null, null] }, [4], /Lambda.*Python/],
  ["Activation", { activation: "glu" }, [5], /glu halves the last axis/],
  ["RepeatVector", { n: 2 }, [3, 4], /rank of the input.*wanted rank 2/],
];

const named = cases.map((item) => [`${item[0]} ${JSON.stringify(item[1])} over [${item[2]}]`, item] as const);

test.each(named)("%s", async (_name, [className, config, shape, message, weights = {}]) => {
  const layers = [
    { class_name: "InputLayer", config: { batch_input_shape: [null, ...shape], name: "x" } },
    { class_name: className, config: { name: "layer", ...config } },
  ];
  const specs = Object.entries(weights).map(([name, shape]) => ({
    name: `layer/${name}`,
    shape: [...shape],
    dtype: "float32" as const,
  }));
  const elements = specs.reduce((sum, { shape }) => sum + shape.reduce((a, dim) => a * dim, 1), 0);
  const artifacts = {
    modelTopology: { class_name: "Sequential", config: { name: "model", layers } },
    weightSpecs: specs,
    weightData: new Float32Array(elements).buffer,
  };
  await expect(exportModel(artifacts)).rejects.toThrow(message);
  await expect(exportModel(artifacts)).rejects.toMatchObject({
    code: expect.stringMatching(/^(bad-input|unsupported)$/),
  });
});
