import { Tensor } from "@resonnx/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bmp, meanColour, rowsOfThree, rowsOfThreeByHand } from "../testing/tiny-models.ts";
import { type Chromium, startChromium } from "./chromium.ts";

const X = [0.1, 0.2, 0.3, -1, 0, 2];
const input = (values: readonly number[]) => ({ x: new Tensor("float32", Float32Array.from(values), [values.length]) });

let chromium: Chromium;
beforeAll(async () => {
  chromium = await startChromium();
});
afterAll(() => chromium.close());

function expectClose(got: Tensor | undefined, wanted: readonly number[], within: number): void {
  expect(got?.data).toHaveLength(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs(Number(got!.data[i]) - value)).toBeLessThan(within);
  });
}

describe.each([
  { provider: "wasm", adapter: null, within: 1e-6 },
  { provider: "webgpu", adapter: "google swiftshader", within: 1e-5 },
] as const)("a model in Chromium on $provider", ({ provider, adapter, within }) => {
  test("runs, and says what runs it", async () => {
    const model = await chromium.openModel(rowsOfThree(), provider);
    expect(model).toMatchObject({ adapter, info: { provider, skipped: [] } });
    expect(model.info.inputs).toEqual([{ name: "x", type: "float32", shape: ["length"] }]);
    const { y } = await model.run(input(X));
    expect(y?.dims).toEqual([2, 2]);
    expectClose(y, rowsOfThreeByHand(X), within);
    await model.close();
    await expect(model.run(input(X))).rejects.toMatchObject({ code: "bad-input" });
  });

  test("a run that fails doesn't spoil the next one", async () => {
    const model = await chromium.openModel(rowsOfThree(), provider);
    const [before, failing, after] = await Promise.allSettled([X, [1, 2, 3, 4], X].map((x) => model.run(input(x))));
    expect(failing).toMatchObject({ status: "rejected", reason: { code: "failed" } });
    for (const run of [before, after]) {
      if (run?.status !== "fulfilled") throw new Error("a good run failed", { cause: run?.reason });
      expectClose(run.value.y, rowsOfThreeByHand(X), within);
    }
    await model.close();
  });

  test("classifies a picture file with the file's own preprocessing", async () => {
    const model = await chromium.openModel(meanColour(), provider);
    expect(model.info.labels).toEqual(["red", "green", "blue"]);
    const predictions = await model.classify(bmp(9, 5, [51, 255, 102]), { topK: 2 });
    expect(predictions).toEqual([
      { label: "green", score: expect.closeTo(1, 5) },
      { label: "blue", score: expect.closeTo(0.4, 5) },
    ]);
    await model.close();
  });

  test("wrong inputs and files are refused with typed errors", async () => {
    const model = await chromium.openModel(rowsOfThree(), provider);
    const { x } = input(X);
    await expect(model.run({ z: x })).rejects.toMatchObject({
      code: "bad-input",
      facts: { where: "input z", wanted: "x" },
    });
    await expect(model.classify(bmp(2, 2, [0, 0, 0]))).rejects.toMatchObject({ code: "unsupported" });
    await expect(model.classify("/no/such/picture.png")).rejects.toMatchObject({ code: "not-found" });
    await model.close();
    await expect(chromium.openModel(Uint8Array.of(1, 2, 3), provider)).rejects.toMatchObject({ code: "bad-input" });
  });
});

test("a picture that isn't one is bad input", async () => {
  const model = await chromium.openModel(meanColour(), "wasm");
  await expect(model.classify(Buffer.from("not a picture"))).rejects.toMatchObject({ code: "bad-input" });
  await model.close();
});

test("models on both providers are created and run at the same time", async () => {
  const providers = ["wasm", "webgpu", "wasm", "webgpu"] as const;
  const models = await Promise.all(providers.map((provider) => chromium.openModel(rowsOfThree(), provider)));
  const answers = await Promise.all(models.flatMap((model) => [model.run(input(X)), model.run(input(X))]));
  for (const { y } of answers) expectClose(y, rowsOfThreeByHand(X), 1e-5);
  await Promise.all(models.map((model) => model.close()));
});

test("hundreds of kilobytes go both ways unchanged", async () => {
  const model = await chromium.openModel(rowsOfThree(), "wasm");
  const many = Array.from({ length: 300_000 }, (_, i) => Math.sin(i));
  const { y } = await model.run(input(many));
  const wanted = rowsOfThreeByHand(many);
  expect(y?.dims).toEqual([100_000, 2]);
  expect(wanted.every((value, i) => Math.abs(value - Number(y!.data[i])) < 1e-6)).toBe(true);
  await model.close();
});
