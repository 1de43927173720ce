import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoadOptions, loadModel, type NodeModel, Tensor } from "./index.ts";
import { colours, coloursModel, echoModel, reluModel, slowModel } from "./testing/models.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "resonnx-runtime-node-"));
});
afterAll(() => rm(folder, { recursive: true }));

const cpu: LoadOptions = { providers: ["cpu"] };

async function file(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function using<T>(bytes: string | Uint8Array, use: (model: NodeModel) => Promise<T>): Promise<T> {
  const model = await loadModel(bytes, cpu);
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}

const row = (...values: number[]) => new Tensor("float32", values, [1, values.length]);

describe("loadModel", () => {
  test("from a path: what the file says, and what runs it", async () => {
    await using(await file("colours.onnx", coloursModel()), async ({ info }) => {
      expect(info).toEqual({
        inputs: [{ name: "image", type: "float32", shape: ["batch", 4, 4, 3] }],
        outputs: [{ name: "scores", type: "float32", shape: ["batch", 3] }],
        ...colours,
        metadata: colours,
        provider: "cpu",
        skipped: [],
      });
    });
  });

  test("from bytes that are a part of a larger buffer, which stays usable", async () => {
    const bytes = reluModel();
    const larger = new Uint8Array(bytes.length + 20);
    larger.set(bytes, 10);
    const part = larger.subarray(10, 10 + bytes.length);
    await using(part, async (model) => {
      expect((await model.run({ x: row(-1, 0, 2) })).y?.data).toEqual(Float32Array.of(0, 0, 2));
    });
    expect(part).toEqual(Uint8Array.from(bytes));
  });

  test("the default order says why each provider before the one that runs doesn't", async () => {
    const model = await loadModel(reluModel());
    const { provider, skipped } = model.info;
    expect([...skipped.map((skip) => skip.provider), provider]).toEqual(
      ["cuda", "webgpu", "cpu"].slice(0, skipped.length + 1),
    );
    for (const { reason } of skipped) expect(reason).toMatch(/\w+ \w+/);
    expect((await model.run({ x: row(-1, 0, 2) })).y?.data).toEqual(Float32Array.of(0, 0, 2));
    await model.dispose();
  });

  test.each([
    ["a missing file", () => Promise.resolve("no/such.onnx"), "not-found", /no\/such\.onnx: no such file/],
    ["a folder", () => Promise.resolve(folder), "bad-input", /not a file/],
    ["a device that never ends", () => Promise.resolve("/dev/zero"), "bad-input", /not a file/],
    ["a picture", () => file("cat.onnx", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2)), "bad-input", /cat\.onnx.*JPEG/],
    [
      "a truncated file",
      () => file("half.onnx", coloursModel().subarray(0, 90)),
      "bad-input",
      /half\.onnx.*not an ONNX/,
    ],
    [
      "a graph of rubbish",
      () => file("bad.onnx", Uint8Array.of(8, 8, 58, 2, 255, 255)),
      "bad-input",
      /bad\.onnx.*onnxruntime/,
    ],
    ["an empty file", () => file("empty.onnx", ""), "bad-input", /an empty file/],
    ["text", () => file("text.onnx", "hello world\n"), "bad-input", /not an ONNX model/],
  ])("refuses %s", async (_, source, code, message) => {
    await expect(source().then((path) => loadModel(path, cpu))).rejects.toMatchObject({
      name: "ResonnxError",
      code,
      message: expect.stringMatching(message),
    });
  });

  test("refuses an unknown provider", async () => {
    const providers = ["gpu"] as unknown as NonNullable<LoadOptions["providers"]>;
    await expect(loadModel(reluModel(), { providers })).rejects.toMatchObject({ code: "bad-input" });
  });

  test("an abort rejects at once", async () => {
    const stop = new AbortController();
    const loading = loadModel(slowModel(), { ...cpu, signal: stop.signal });
    stop.abort();
    await expect(loading).rejects.toMatchObject({ code: "aborted" });
    await expect(loadModel("any.onnx", { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("run", () => {
  test("every element type passes unchanged", async () => {
    const inputs = {
      int64: new Tensor("int64", BigInt64Array.of(-(2n ** 60n), 7n), [2]),
      bool: new Tensor("bool", Uint8Array.of(1, 0), [2]),
      string: new Tensor("string", ["a", "é"], [2]),
      float16: new Tensor("float16", Uint16Array.of(0x3c00, 0xc000), [2]),
      uint8: new Tensor("uint8", Uint8Array.of(0, 255), [2]),
    };
    await using(echoModel(["int64", "bool", "string", "float16", "uint8"]), async (model) => {
      const outputs = await model.run(inputs);
      for (const [name, { type, data, dims }] of Object.entries(inputs)) {
        const { [`${name}_out`]: out } = outputs;
        expect({ type: out?.type, dims: out?.dims, data: out?.data }).toEqual({ type, dims, data });
      }
      expect(inputs.uint8.data).toEqual(Uint8Array.of(0, 255)); // the caller's data is still there
    });
  });

  test("wrong inputs are refused, and the next run is fine", async () => {
    await using(reluModel(), async (model) => {
      const wrong = [
        {},
        { z: row(1, 2, 3) },
        { x: row(1, 2) },
        { x: new Tensor("int32", Int32Array.of(1, 2, 3), [1, 3]) },
      ];
      for (const inputs of wrong) await expect(model.run(inputs)).rejects.toMatchObject({ code: "bad-input" });
      expect((await model.run({ x: row(-5, 5, 0) })).y?.data).toEqual(Float32Array.of(0, 5, 0));
    });
  });

  test("runs asked for together come back each with its own answer", async () => {
    await using(reluModel(), async (model) => {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => model.run({ x: row(i, -i, 1) })));
      expect(answers.map(({ y }) => y?.data[0])).toEqual(Array.from({ length: 20 }, (_, i) => i));
    });
  });

  test("an abort rejects at once, the event loop stays free, the model goes on, dispose waits", async () => {
    const model = await loadModel(slowModel(), cpu);
    const x = new Tensor("float32", new Float32Array(1e6).fill(1), [1000, 1000]);
    const begun = performance.now();
    await model.run({ x });
    const whole = performance.now() - begun;

    const stop = new AbortController();
    const running = model.run({ x }, { signal: stop.signal });
    setTimeout(() => stop.abort(), whole / 10);
    const since = performance.now();
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    expect(performance.now() - since).toBeLessThan(whole * 0.8);

    const y = (await model.run({ x })).y?.data;
    expect(y?.[0]).toBeCloseTo(1, 3); // each product with the constant 1/1000 keeps the row's mean
    const last = model.run({ x });
    await model.dispose();
    expect((await last).y?.dims).toEqual([1000, 1000]);
  });
});

test("a disposed model refuses, and may be disposed again", async () => {
  const model = await loadModel(reluModel(), cpu);
  await Promise.all([model.dispose(), model.dispose()]);
  await model.dispose();
  await expect(model.run({ x: row(1, 2, 3) })).rejects.toThrow(/disposed/);
  await expect(model.classify("cat.jpg")).rejects.toThrow(/disposed/);
});
