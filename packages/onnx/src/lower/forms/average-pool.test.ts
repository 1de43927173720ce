import { expect, test } from "vitest";
import { gradients } from "../../autodiff/gradients.ts";
import { encode } from "../../proto/encode.ts";
import { graphOf } from "../../testing/pass.ts";
import { cpuRules } from "../cpu/cpu.ts";
import { translate } from "../translation.ts";
import { webgpuRules } from "../webgpu/webgpu.ts";

test.each([
  ["cpu", cpuRules],
  ["webgpu", webgpuRules],
])("the gradient of a pooling of large pictures needs little beside them for %s", (_, rules) => {
  const graph = graphOf([1, 2, 112, 112], (b, x) => {
    const y = b.op("AveragePool", [x], { kernel_shape: [2, 2], strides: [2, 2] });
    return gradients(b.graph, b.total(b.mul(y, y)), [x]);
  });
  expect(encode(translate(graph, rules)).length).toBeLessThan(4 * 2 * 56 * 112 + 4096);
});
