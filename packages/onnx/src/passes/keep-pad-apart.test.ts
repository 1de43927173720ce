import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import type { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import type { Value } from "../ir/value.ts";
import { DEFAULT_OPSET, encode } from "../proto/encode.ts";
import { graphOf, opsOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { maxDifference } from "../testing/run.ts";
import { finalPasses, inferencePasses } from "./index.ts";
import { keepApart } from "./keep-pad-apart.ts";
import { optimize } from "./pass.ts";

const SHAPE = [2, 3, 5, 5];
const around = (pad: number) => [0, 0, pad, pad, 0, 0, pad, pad];

/** A pool behind a Pad with zeros. */
const padded =
  (op: "AveragePool" | "MaxPool", pad: number, attrs: object = {}) =>
  (b: Builder, x: Value): Value =>
    b.op(op, [b.op("Pad", [x, b.ints(around(pad))], {})], { kernel_shape: [2, 2], strides: [1, 1], ...attrs });

async function onOnnxruntime(graph: Graph, graphOptimizationLevel: "disabled" | "all"): Promise<Float32Array> {
  const session = await InferenceSession.create(encode(graph, { opset: DEFAULT_OPSET }), {
    graphOptimizationLevel,
    logSeverityLevel: 4,
  });
  const { data, dims } = randomTensor(randomStream(3), SHAPE);
  const { y0 } = await session.run({ x: new Tensor("float32", data, dims) });
  await session.release();
  return y0!.data as Float32Array;
}

test.for([
  ["zeros win in a MaxPool", padded("MaxPool", 1)],
  ["a MaxPool's window in padding alone", padded("MaxPool", 2)],
  ["an AveragePool's window in padding alone", padded("AveragePool", 3)],
  ["with pads of its own", padded("AveragePool", 1, { pads: [1, 1, 1, 1], count_include_pad: 1 })],
] as const)("%s: onnxruntime's default optimization gives what the graph says", async ([, build]) => {
  const graph = graphOf(SHAPE, build);
  const wanted = await onOnnxruntime(graph, "disabled");
  optimize(graph, inferencePasses);
  expect(optimize(graph, finalPasses)).toEqual([{ pass: "keepPadApart", changes: 1 }]);
  expect(opsOf(graph).slice(0, 2)).toEqual(["Pad", "Concat"]);
  expect(maxDifference(await onOnnxruntime(graph, "all"), wanted)).toBeLessThan(1e-6);
});

test("what onnxruntime does without: a wrong maximum, a file that can't be loaded", async () => {
  const maximum = graphOf(SHAPE, padded("MaxPool", 1));
  const wanted = await onOnnxruntime(maximum, "disabled");
  expect(maxDifference(await onOnnxruntime(maximum, "all"), wanted)).toBeGreaterThan(0.1);
  await expect(onOnnxruntime(graphOf(SHAPE, padded("AveragePool", 2)), "all")).rejects.toThrow(/PoolAttributes/);
});

test("what foldPad takes needs no keeping apart", () => {
  const folded = graphOf(SHAPE, padded("AveragePool", 1));
  optimize(folded, inferencePasses);
  optimize(folded, finalPasses);
  expect(opsOf(folded)).toEqual(["AveragePool"]);
});

test("a Transpose between them, which onnxruntime takes away, keeps nothing apart", async () => {
  const [toNhwc, toNchw] = [{ perm: [0, 2, 3, 1] }, { perm: [0, 3, 1, 2] }];
  const graph = graphOf(SHAPE, (b, x) => {
    const pad = b.op("Pad", [b.op("Transpose", [x], toNhwc), b.ints([0, 1, 1, 0, 0, 1, 1, 0])], {});
    return b.op("MaxPool", [b.op("Transpose", [pad], toNchw)], { kernel_shape: [2, 2], strides: [1, 1] });
  });
  const wanted = await onOnnxruntime(graph, "disabled");
  expect(maxDifference(await onOnnxruntime(graph, "all"), wanted)).toBeGreaterThan(0.1);
  optimize(graph, finalPasses);
  expect(opsOf(graph)).toEqual(["Transpose", "Pad", "Transpose", "Concat", "MaxPool"]);
  expect(maxDifference(await onOnnxruntime(graph, "all"), wanted)).toBeLessThan(1e-6);
});

test.for<[string, (b: Builder, x: Value) => Value | readonly Value[]]>([
  ["its input is no Pad", (b, x) => b.op("MaxPool", [x], { kernel_shape: [2, 2] })],
  [
    "the padded value is read elsewhere too",
    (b, x) => {
      const pad = b.op("Pad", [x, b.ints(around(1))], {});
      return [b.op("MaxPool", [pad], { kernel_shape: [2, 2] }), pad];
    },
  ],
  [
    "the Pad does not fill with constant zeros",
    (b, x) => {
      const pad = b.op("Pad", [x, b.ints(around(1)), b.scalar(-9)], {});
      return b.op("MaxPool", [pad], { kernel_shape: [2, 2] });
    },
  ],
])("%s: stays", ([reason, build]) => {
  expect(refusals("MaxPool", keepApart, graphOf(SHAPE, build))).toEqual([reason]);
});
