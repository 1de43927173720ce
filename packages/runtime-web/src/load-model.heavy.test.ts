import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenPage, openPage } from "./chromium/launch.ts";
import { bmp, meanColour, rowsOfThree } from "./testing/tiny-models.ts";

let open: OpenPage;
beforeAll(async () => {
  open = await openPage();
});
afterAll(() => open.close());

describe("loadModel in a page", () => {
  test("takes wasm rather than software WebGPU by default, says so, and counts the bytes", async () => {
    const bytes = rowsOfThree();
    const loaded = await open.page.evaluate(async (address) => {
      const seen: [number, number | null][] = [];
      const onProgress = ({ loaded, total }: { loaded: number; total: number | null }) => seen.push([loaded, total]);
      const model = await resonnx.loadModel(address, { wasmPaths: resonnx.wasmPaths, onProgress });
      await model.dispose();
      await model.dispose();
      return { info: model.info, seen, isolated: crossOriginIsolated };
    }, open.server.lend(bytes));
    expect(loaded.info.provider).toBe("wasm");
    expect(loaded.info.skipped).toEqual([
      { provider: "webgpu", reason: expect.stringMatching(/only a software adapter \(google swiftshader\)/) },
    ]);
    expect(loaded.seen.at(-1)).toEqual([bytes.length, bytes.length]);
    expect(loaded.isolated).toBe(true);
  });

  test("a kept model is not fetched again", async () => {
    const bytes = rowsOfThree();
    const address = open.server.lend(bytes);
    const load = (from: string) =>
      open.page.evaluate(async (address) => {
        let last: { loaded: number; total: number | null } | undefined;
        const onProgress = (progress: typeof last) => {
          last = progress;
        };
        const model = await resonnx.loadModel(address, { wasmPaths: resonnx.wasmPaths, cache: "models", onProgress });
        await model.dispose();
        return { inputs: model.info.inputs, last };
      }, from);
    const fetched = await load(address);
    open.server.forget(address);
    const kept = await load(address);
    expect(kept.inputs).toEqual(fetched.inputs);
    expect(kept.last?.loaded).toBe(bytes.length);
    await expect(load("/bytes/never-seen")).rejects.toThrow(/HTTP 404/);
  });

  test("classifies everything that a page shows pictures with", async () => {
    const addresses = { model: open.server.lend(meanColour()), picture: open.server.lend(bmp(6, 3, [255, 51, 0])) };
    const answers = await open.page.evaluate(async ({ model: address, picture }) => {
      const model = await resonnx.loadModel(address, { wasmPaths: resonnx.wasmPaths });
      const blob = await (await fetch(picture)).blob();
      const image = new Image();
      image.src = picture; // not loaded yet
      const bitmap = await createImageBitmap(blob);
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [6, 3];
      const context = canvas.getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      const data = context!.getImageData(0, 0, 6, 3);
      const video = document.createElement("video");
      video.srcObject = canvas.captureStream(10);
      video.muted = true;
      await video.play();
      const pictures = { blob, image, bitmap, canvas, data, video, pixels: { width: 6, height: 3, data: data.data } };
      const answers: Record<string, [string, number][]> = {};
      for (const [name, source] of Object.entries(pictures)) {
        answers[name] = (await model.classify(source, { topK: 3 })).map(({ label, score }) => [label, score]);
      }
      await model.dispose();
      return answers;
    }, addresses);
    const { video, ...exact } = answers;
    expect(Object.keys(exact)).toHaveLength(6);
    for (const [name, answer] of Object.entries(exact)) {
      expect(answer, name).toEqual([
        ["red", 1],
        ["green", expect.closeTo(0.2, 5)],
        ["blue", 0],
      ]);
    }
    expect(video?.map(([label]) => label)).toEqual(["red", "green", "blue"]); // a video's colours are approximate
  });

  test.each([
    ["an address without a model", { address: "/bytes/nothing" }, "not-found"],
    ["an unknown provider", { providers: ["webnn"] }, "bad-input"],
    ["no provider at all", { providers: [] }, "unavailable"],
    ["other wasm files than the page started with", { wasmPaths: "/elsewhere/" }, "bad-input"],
    ["a picture of no size", { picture: true }, "bad-input"],
    ["an abort before", { abort: true }, "aborted"],
  ])("%s is refused with a typed error", async (_, wrong, code) => {
    const address = open.server.lend(meanColour());
    const refusal = await open.page.evaluate(
      async ({ address, wrong }) => {
        const options = {
          wasmPaths: "wasmPaths" in wrong ? wrong.wasmPaths : resonnx.wasmPaths,
          ...("providers" in wrong && { providers: wrong.providers as "wasm"[] }),
          ...("abort" in wrong && { signal: AbortSignal.abort() }),
        };
        try {
          const model = await resonnx.loadModel("address" in wrong ? wrong.address : address, options);
          await model.classify(new Image());
          return null;
        } catch (error) {
          return error instanceof Error && "code" in error ? { name: error.name, code: error.code } : String(error);
        }
      },
      { address, wrong },
    );
    expect(refusal).toEqual({ name: "ResonnxError", code });
  });

  test("an abort rejects at once and leaves the queue usable", async () => {
    const outcome = await open.page.evaluate(async (address) => {
      const model = await resonnx.loadModel(address, { wasmPaths: resonnx.wasmPaths });
      const pixels = { width: 4, height: 2, data: new Uint8Array(32).fill(255) };
      const stop = new AbortController();
      const stopped = model.classify(pixels, { signal: stop.signal }).catch((error) => error.code);
      stop.abort();
      const [first] = await Promise.all([stopped]);
      const [best] = await model.classify(pixels, { topK: 1 });
      return { first, score: best?.score };
    }, open.server.lend(meanColour()));
    expect(outcome).toEqual({ first: "aborted", score: 1 });
  });
});
