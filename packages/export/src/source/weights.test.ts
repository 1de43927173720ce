import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { readWeights } from "./weights.ts";

type Quantization = NonNullable<tf.io.WeightsManifestEntry["quantization"]>;

/** 64 elements of every bit pattern's kind: zeros, subnormals, infinities and NaN among the halves. */
const patterns = Uint16Array.from([0, 1, 0x3ff, 0x400, 0x3c00, 0x7bff, 0x7c00, 0x7e00], (bits) => bits);
const signed = Uint16Array.from([...patterns, ...patterns.map((bits) => bits | 0x8000)]);

test.each<[tf.DataType, Quantization]>([
  ["float32", { dtype: "uint8", scale: 0.03, min: -1.5 }],
  ["float32", { dtype: "uint16", scale: 1.7e-5, min: -0.75 }],
  ["int32", { dtype: "uint8", scale: 1.5, min: -7 }],
  ["int32", { dtype: "uint16", scale: 3, min: -40000 }],
  ["float32", { dtype: "float16" }],
])("%s stored as %j is what tfjs decodes, at odd addresses too", (dtype, quantization) => {
  const raw = new Uint8Array(signed.buffer);
  const length = quantization.dtype === "uint8" ? raw.length : raw.length / 2;
  const weightSpecs: tf.io.WeightsManifestEntry[] = [
    { name: "flag", shape: [1], dtype: "bool" },
    { name: "d/kernel:0", shape: [length / 4, 4], dtype: dtype as "float32", quantization },
  ];
  const weightData = Uint8Array.of(1, ...raw).buffer;
  const [flag, kernel] = readWeights({ weightSpecs, weightData }, "m.json");
  const wanted = tf.io.decodeWeights(weightData, weightSpecs)["d/kernel:0"]!;
  expect(flag!.data).toMatchObject({ dtype: "bool", dims: [1] });
  expect(kernel).toMatchObject({ name: "d/kernel", data: { dtype, dims: wanted.shape } });
  expect([...kernel!.data.data]).toEqual([...wanted.dataSync()]);
});

test("optimizer state is left out", () => {
  const spec = { shape: [1], dtype: "float32" as const };
  const weightSpecs = [
    { ...spec, name: "d/kernel" },
    { ...spec, name: "iter", group: "optimizer" as const },
  ];
  expect(readWeights({ weightSpecs, weightData: new ArrayBuffer(8) }, "m").map(({ name }) => name)).toEqual([
    "d/kernel",
  ]);
});
