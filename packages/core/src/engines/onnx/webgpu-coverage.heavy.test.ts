import { decode, webgpuReport } from "@resonnx/onnx";
import { expect, test } from "vitest";
import { resnet50 } from "../../models/resnet50.ts";
import { forwardPassOf } from "./forward-pass.ts";
import { lowerings } from "./lowerings.ts";
import { programOf } from "./program.ts";

test("no node of ResNet50's training step leaves WebGPU", async () => {
  const forward = await forwardPassOf(resnet50({ seed: 1 }));
  const program = programOf(forward, { optimizer: "adam", clipNorm: 1, ema: 0.99 }, lowerings.webgpu);
  const graph = decode(program.step({ count: 2, phase: "update", weighted: true }).bytes);
  expect(graph.order().length).toBeGreaterThan(4000); // forward, backward and update are there
  expect(webgpuReport(graph)).toEqual([]);
});
