import { describe, expect, test } from "vitest";
import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { encode } from "../proto/encode.ts";
import { expectPass, graphOf, opsOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { maxDifference, run } from "../testing/run.ts";
import { maxToActivation, mulToActivation, nativeActivations } from "./native-activations.ts";
import { addToLayerNorm, nativeLayerNorm } from "./native-layer-norm.ts";

const erf = (b: Builder, x: Value) => b.add(1, b.op("Erf", [b.div(x, Math.SQRT2)], {}));

describe("activations", () => {
  test.each<[string, (b: Builder, x: Value) => Value, Parameters<typeof expectPass>[2]]>([
    ["max(x, 0.3 x)", (b, x) => b.op("Max", [b.mul(x, 0.3), x], {}), ["LeakyRelu"]],
    ["max(x, 0)", (b, x) => b.op("Max", [x, b.scalar(0)], {}), ["Relu"]],
    ["max(0, min(6, x))", (b, x) => b.op("Max", [b.op("Min", [x, b.scalar(6)], {}), b.scalar(0)], {}), ["Clip"]],
    [
      "max(0, min(1, 0.2 x + 0.5))",
      (b, x) => b.op("Max", [b.op("Min", [b.add(b.mul(x, 0.2), 0.5), b.scalar(1)], {}), b.scalar(0)], {}),
      ["HardSigmoid"],
    ],
    [
      "clip(0.2 x + 0.5)",
      (b, x) => b.op("Clip", [b.add(0.5, b.mul(0.2, x)), b.scalar(0), b.scalar(1)], {}),
      ["HardSigmoid"],
    ],
    ["log(1 + exp x)", (b, x) => b.op("Log", [b.add(b.exp(x), 1)], {}), ["Softplus"]],
  ])("%s", async (_, build, wanted) => {
    await expectPass(nativeActivations, graphOf([3, 4], build), wanted);
  });

  test.each<[string, (b: Builder, x: Value) => Value, string]>([
    ["x * hardSigmoid", (b, x) => b.mul(x, b.op("HardSigmoid", [x], { alpha: 1 / 6, beta: 0.5 })), "HardSwish"],
    ["0.5 * (x * erf)", (b, x) => b.mul(0.5, b.mul(x, erf(b, x))), "Gelu"],
    ["(0.5 * x) * erf", (b, x) => b.mul(b.mul(0.5, x), erf(b, x)), "Gelu"],
  ])("%s is native where the opset has it, and decomposed below", async (_, build, op) => {
    const [source, graph] = [graphOf([3, 4], build), graphOf([3, 4], build)];
    nativeActivations.run(graph);
    graph.removeDead();
    expect(opsOf(graph)).toEqual([op]);
    const x = randomTensor(randomStream(2), [3, 4]);
    const wanted = (await run(source, { x })).y0!;
    for (const opset of [13, 20])
      expect(maxDifference((await run(graph, { x }, opset)).y0!, wanted)).toBeLessThan(1e-6);
    expect(encode(graph, { opset: 20 }).length).toBeLessThan(encode(graph, { opset: 13 }).length);
  });

  test("formulas that are nearly one stay", () => {
    const other = graphOf([3, 4], (b, x) => b.mul(b.mul(0.4, x), erf(b, x)));
    expect(refusals("Mul", mulToActivation, other)).toEqual(Array(2).fill("its operands are no activation's"));
    const wide = graphOf([3, 4], (b, x) => b.op("Max", [x, b.filled([2, 3, 4], 0)], {}));
    expect(refusals("Max", maxToActivation, wide)).toEqual(["its operands are no activation's"]);
    const steep = graphOf([3, 4], (b, x) => b.op("Max", [x, b.mul(x, 2)], {}));
    expect(refusals("Max", maxToActivation, steep)).toEqual(["its operands are no activation's"]);
  });
});

describe("layer normalization", () => {
  const formula =
    (axes: readonly number[], size: readonly number[], square: "Mul" | "Pow" = "Mul") =>
    (b: Builder, x: Value): Value => {
      const centred = b.sub(x, b.mean(x, axes, 1));
      const squared = square === "Mul" ? b.mul(centred, centred) : b.op("Pow", [centred, b.scalar(2)], {});
      const root = b.sqrt(b.add(b.mean(squared, axes, 1), 1e-3));
      return b.add(b.mul(b.div(centred, root), b.filled(size, 2)), b.filled(size, 0.5));
    };

  test("the formula becomes the operator", async () => {
    await expectPass(nativeLayerNorm, graphOf([2, 3, 4], formula([2], [4])), ["LayerNormalization"]);
    await expectPass(nativeLayerNorm, graphOf([2, 3, 4], formula([-2, -1], [3, 4], "Pow")), ["LayerNormalization"]);
  });

  test.each<[string, Parameters<typeof graphOf>[1]]>([
    ["it normalizes other axes than the last", formula([1], [4])],
    ["scale or bias is no constant of the normalized shape", formula([2], [1])],
    ["it is no scaled normalization", (b, x) => b.add(b.mul(x, 2), 1)],
  ])("stays: %s", (reason, build) => {
    expect(refusals("Add", addToLayerNorm, graphOf([2, 3, 4], build)).at(-1)).toBe(reason);
  });
});
