import { expect, test } from "vitest";
import { recipes } from "../../../train/recipe.ts";
import { configOf, givenConfig, parseConfig } from "./options.ts";

test.each(Object.values(recipes))("a run of recipe $name goes on by what run.json says of it", (recipe) => {
  const config = configOf(givenConfig({ data: "hand-signs", recipe }));
  const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  for (const absent of [undefined, null]) {
    const text = JSON.stringify(config, (_key, value) => (value === undefined ? absent : value));
    expect(withoutUndefined(parseConfig(text, "run.json"))).toEqual(withoutUndefined(config));
  }
});

test.each([
  [{ engine: "x" }, "run.json: engine: can't be used (got x, wanted auto, onnx, tfjs-node-gpu, tfjs-node, tfjs)"],
  [{ device: "gpu" }, "run.json: device: can't be used (got gpu, wanted auto, cpu, webgpu, cuda)"],
  [{ joinVal: "no" }, "run.json: join-val: can't be used (got no, wanted true or false)"],
])("a run.json with %j is refused", (change, message) => {
  const text = JSON.stringify({ ...configOf(givenConfig({ data: "hand-signs" })), ...change });
  expect(() => parseConfig(text, "run.json")).toThrow(message);
});
