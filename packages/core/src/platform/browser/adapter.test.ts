import { expect, test } from "vitest";
import { softwareObstacle } from "./adapter.ts";

const adapter = { vendor: "nvidia", architecture: "ampere", description: "", isFallbackAdapter: false };

test("a real GPU is no obstacle, a software adapter is one, by its name", () => {
  expect(softwareObstacle(adapter)).toBeUndefined();
  expect(softwareObstacle({ ...adapter, vendor: "google", architecture: "swiftshader" })).toBe(
    "WebGPU is only software here (google swiftshader)",
  );
  expect(softwareObstacle({ ...adapter, isFallbackAdapter: true })).toMatch(/only software/);
  expect(softwareObstacle({ ...adapter, vendor: "", architecture: "" })).toBeUndefined();
});
