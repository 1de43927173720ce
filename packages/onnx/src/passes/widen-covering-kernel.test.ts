import { expect, test } from "vitest";
import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { expectPass, graphOf, opsOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { inferencePasses } from "./index.ts";
import { optimize } from "./pass.ts";
import { widenCoveringKernel, widenKernel } from "./widen-covering-kernel.ts";

const next = randomStream(2);
const conv =
  (pads: readonly number[]) =>
  (b: Builder, x: Value): Value =>
    b.op("Conv", [x, b.constant(randomTensor(next, [4, 3, 2, 2]))], { kernel_shape: [2, 2], pads });

test("a kernel that covers the picture, with pads at the ends alone, gets zeros in front", async () => {
  const graph = graphOf([2, 3, 2, 2], conv([0, 0, 1, 1]));
  await expectPass(widenCoveringKernel, graph, ["Conv"]);
  expect(graph.order()[0]!.attrs).toMatchObject({ kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  optimize(graph, inferencePasses);
  expect(opsOf(graph)).toEqual(["Conv"]);
});

test.each([
  ["a larger picture", [2, 3, 4, 4], [0, 0, 1, 1]],
  ["pads at the begins", [2, 3, 2, 2], [1, 1, 0, 0]],
  ["no pads", [2, 3, 2, 2], [0, 0, 0, 0]],
])("%s: stays", (_, shape, pads) => {
  expect(refusals("Conv", widenKernel, graphOf(shape, conv(pads)))).toEqual(["WebGPU sees its pads"]);
});
