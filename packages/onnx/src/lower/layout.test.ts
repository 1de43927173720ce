import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import type { Value } from "../ir/value.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { maxDifference, run } from "../testing/run.ts";
import { layout } from "./layout.ts";

const next = randomStream(1);
const x = randomTensor(next, [2, 5, 5, 3]);

/** A graph over an NHWC input with Keras-style transposes around each NCHW operator. */
function nhwc(build: (b: Builder, x: Value) => Value): Graph {
  const graph = new Graph("nhwc");
  const b = new Builder(graph);
  graph.output("y", build(b, graph.input("x", { dtype: "float32", shape: ["batch", 5, 5, 3] })));
  return graph;
}

const conv = (b: Builder, x: Value, channels: number): Value => {
  const w = b.constant(randomTensor(next, [channels, x.shape[3] as number, 3, 3]));
  const y = b.op("Conv", [b.transpose(x, [0, 3, 1, 2]), w], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  return b.transpose(y, [0, 2, 3, 1]);
};

const cases: Record<string, { transposes: number; build: (b: Builder, x: Value) => Value }> = {
  "a residual block needs one": {
    transposes: 1,
    build: (b, x) => {
      const a = b.relu(conv(b, x, 4));
      return b.mean(b.relu(b.add(conv(b, a, 4), a)), [1, 2], 0);
    },
  },
  "a vector along the last axis follows": {
    transposes: 1,
    build: (b, x) => b.mean(b.mul(conv(b, x, 4), b.constant(randomTensor(next, [4]))), [1, 2], 0),
  },
  "softmax, concat and pad follow the axis": {
    transposes: 1,
    build: (b, x) => {
      const a = conv(b, x, 4);
      const both = b.concat([b.pad(a, [0, 1, 0, 0, 0, 0, 2, 0]), b.pad(a, [0, 0, 2, 0, 0, 1, 0, 0])], 3);
      return b.mean(b.op("Softmax", [both], { axis: -1 }), [2, 1], 0);
    },
  },
  "flattening one pixel needs none": {
    transposes: 1,
    build: (b, x) => b.op("Flatten", [b.mean(conv(b, x, 4), [1, 2], 1)], { axis: 1 }),
  },
  "flattening a picture needs its own order back": {
    transposes: 2,
    build: (b, x) => b.op("Flatten", [conv(b, x, 4)], { axis: 1 }),
  },
};

test.each(Object.entries(cases))("%s", async (_, { transposes, build }) => {
  const graph = nhwc(build);
  const lean = layout(graph);
  expect([...lean.order()].filter((node) => node.op === "Transpose")).toHaveLength(transposes);
  expect(lean.outputs[0]!.value.shape).toEqual(graph.outputs[0]!.value.shape);
  const [before, after] = [await run(graph, { x }), await run(lean, { x })];
  expect(maxDifference(before.y!, after.y!)).toBeLessThan(1e-6);
});
