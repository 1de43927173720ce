import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import type { Value } from "../ir/value.ts";
import { encode } from "../proto/encode.ts";

type Case = readonly [shape: readonly number[], build: (b: Builder, x: Value) => Value];

const up = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
const transposed = (b: Builder, x: Value, attrs: object): Value =>
  b.op("ConvTranspose", [x, b.filled([3, 2, 3, 3], 1)], { kernel_shape: [3, 3], ...attrs });
/** The batch as it is at run time, then sizes. */
const sizes = (b: Builder, x: Value, rest: readonly number[]): Value =>
  b.concat([b.gather(b.op("Shape", [x], {}), b.ints([0]), 0), b.ints(rest)], 0);

const cases: Readonly<Record<string, Case>> = {
  ConvTranspose: [[2, 3, 4, 5], (b, x) => transposed(b, x, {})],
  "ConvTranspose with everything": [
    [2, 3, 4, 5],
    (b, x) => transposed(b, x, { strides: [3, 2], dilations: [2, 1], pads: [1, 0, 2, 1], output_padding: [1, 0] }),
  ],
  "Resize by scales": [
    [2, 3, 5, 5],
    (b, x) => b.op("Resize", [x, undefined, b.once("s", () => scales([1, 1, 1.5, 2.3]))], up),
  ],
  "Resize to computed sizes": [
    [2, 3, 5, 5],
    (b, x) => b.op("Resize", [x, undefined, undefined, sizes(b, x, [3, 4, 9])], up),
  ],
  "Reshape to a computed shape": [[2, 3, 4], (b, x) => b.op("Reshape", [x, sizes(b, x, [12])], {})],
  "Expand to a computed shape": [[2, 1, 4], (b, x) => b.op("Expand", [x, sizes(b, x, [3, 4])], {})],
  InstanceNormalization: [
    [2, 3, 4],
    (b, x) => b.op("InstanceNormalization", [x, b.filled([3], 1), b.filled([3], 0)], { epsilon: 1e-3 }),
  ],
};

const scales = (values: readonly number[]) => ({
  dtype: "float32" as const,
  dims: [values.length],
  data: Float32Array.from(values),
});

test.each(Object.entries(cases))(
  "%s: the inferred shape is the one onnxruntime gives",
  async (_name, [shape, build]) => {
    const graph = new Graph("shapes");
    const x = graph.input("x", { dtype: "float32", shape });
    const y = build(new Builder(graph), x);
    graph.output("y", y);
    const session = await InferenceSession.create(encode(graph), { graphOptimizationLevel: "disabled" });
    const data = new Float32Array(shape.reduce((a, dim) => a * dim, 1)).fill(1);
    const results = await session.run({ x: new Tensor("float32", data, shape) });
    expect(y.shape).toEqual(results.y!.dims);
  },
);

test("pads that are computed keep the sizes of the axes that they leave alone", () => {
  const graph = new Graph("pads");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: ["batch", 3, "height"] });
  const end = b.gather(b.op("Shape", [x], {}), b.ints([2]), 0);
  const pads = b.concat([b.ints([0, 0, 0, 0, 0]), end], 0);
  expect(b.op("Pad", [x, pads], {}).shape).toEqual(["batch", 3, "?"]);
});
