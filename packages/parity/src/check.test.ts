import { ResonnxError } from "@resonnx/base";
import { Tensor, type Tensors } from "@resonnx/runtime";
import { describe, expect, test } from "vitest";
import type { Backend, BackendLimit, Case } from "./backend.ts";
import { checkParity } from "./check.ts";
import { htmlReport } from "./report.ts";
import { summarize } from "./result.ts";
import { TOLERANCES, type Tolerance } from "./tolerance.ts";

const MODEL = Uint8Array.of(1, 2, 3);
const rows = (count: number) =>
  new Tensor(
    "float32",
    Float32Array.from({ length: count * 2 }, (_, i) => i / 100),
    [count, 2],
  );
const cases: Case[] = [
  { name: "five", inputs: { x: rows(5) } },
  { name: "four", inputs: { x: rows(4) } },
];

/** A small network in plain TypeScript: y = 2x + error. */
function doubling(name: string, options: { error?: number; tolerance?: Tolerance; limit?: BackendLimit } = {}) {
  const seen: number[] = [];
  const state = { open: 0 };
  const backend: Backend = {
    name,
    tolerance: options.tolerance ?? TOLERANCES.cpu,
    ...(options.limit && { limit: options.limit }),
    open: async (model) => {
      expect(model).toBe(MODEL);
      state.open++;
      return {
        provider: `${name} in TypeScript`,
        run: async ({ x }: Tensors) => {
          seen.push(x!.dims[0]!);
          const data = Float32Array.from(x!.data as Float32Array, (value) => 2 * value + (options.error ?? 0));
          return { y: new Tensor("float32", data, x!.dims) };
        },
        close: async () => void state.open--,
      };
    },
  };
  return { backend, seen, state };
}

const withRun = (name: string, run: (inputs: Tensors) => Promise<Tensors>): Backend => ({
  name,
  tolerance: TOLERANCES.cpu,
  open: async () => ({ run, close: async () => {} }),
});
const lacking: Backend = {
  ...withRun("cuda", async (inputs) => inputs),
  open: () => Promise.reject(new ResonnxError("unavailable", { where: "cuda", what: "no NVIDIA driver here" })),
};
const reference = doubling("reference").backend;
const check = (backends: Backend[]) => checkParity({ model: MODEL, cases, reference, backends });

describe("checkParity", () => {
  test("backends that agree, one that doesn't and one that isn't there", async () => {
    const wrong = doubling("wrong", { error: 1e-3 });
    const result = await check([doubling("same").backend, wrong.backend, lacking]);
    expect(summarize(result)).toEqual({
      ok: false,
      reference: "reference",
      backends: [
        { name: "same", status: "ok", reason: null, maxAbs: 0, argmaxAgree: true },
        {
          name: "wrong",
          status: "differs",
          reason: expect.stringMatching(/^five, output y: element \d+ is .*1\.00e-3 apart/),
          maxAbs: expect.closeTo(1e-3, 6),
          argmaxAgree: true,
        },
        { name: "cuda", status: "skipped", reason: "cuda: no NVIDIA driver here", maxAbs: null, argmaxAgree: null },
      ],
    });
    expect(wrong.state.open).toBe(0);
    expect(result.backends[0]).toMatchObject({ provider: "same in TypeScript", rows: 9 });
  });

  test("ok needs a backend that ran, and a skipped one doesn't spoil it", async () => {
    expect((await check([doubling("same").backend, lacking])).ok).toBe(true);
    expect((await check([lacking])).ok).toBe(false);
  });

  test("a wider tolerance belongs to the backend", async () => {
    const webgpu = doubling("webgpu", { error: 5e-4, tolerance: TOLERANCES.webgpu });
    expect((await check([webgpu.backend])).ok).toBe(true);
  });

  test("a slow backend gets its first pictures, in batches", async () => {
    const slow = doubling("slow", { limit: { pictures: 8, maxBatch: 4 } });
    const result = await check([slow.backend]);
    expect(slow.seen).toEqual([4, 1, 3]);
    expect(result).toMatchObject({ ok: true, backends: [{ rows: 8 }] });
    expect(result.backends[0]!.outputs.map((output) => output.case)).toEqual(["five[0:4]", "five[4:5]", "four[0:3]"]);
  });

  test("other output names, a shape, NaN and a failing run all differ, with the reason", async () => {
    const nan = new Tensor("float32", new Float32Array(10).fill(Number.NaN), [5, 2]);
    const { backends, ok } = await check([
      withRun("names", async ({ x }) => ({ z: x! })),
      withRun("shape", async () => ({ y: rows(1) })),
      withRun("nan", async () => ({ y: nan })),
      withRun("fails", async () => Promise.reject(new Error("out of memory"))),
    ]);
    expect(ok).toBe(false);
    expect(backends.map(({ status }) => status)).toEqual(["differs", "differs", "differs", "differs"]);
    expect(backends.map(({ reason }) => reason)).toEqual([
      "case five: other outputs than the reference's (got z, wanted y)",
      "five, output y: shape [1, 2], the reference has [5, 2]",
      expect.stringMatching(/^five, output y: element 0 is NaN.*not finite$/),
      "out of memory",
    ]);
  });

  test("a reference that isn't there throws, as no cases do", async () => {
    const run = checkParity({ model: MODEL, cases, reference: lacking, backends: [reference] });
    await expect(run).rejects.toMatchObject({ code: "unavailable" });
    const none = checkParity({ model: MODEL, cases: [], reference, backends: [reference] });
    await expect(none).rejects.toMatchObject({ code: "bad-input" });
  });

  test("reports progress, and an abort ends it with every session closed", async () => {
    const stop = new AbortController();
    const slow = doubling("slow");
    const seen: string[] = [];
    const run = checkParity({
      model: MODEL,
      cases,
      reference,
      backends: [slow.backend],
      signal: stop.signal,
      onProgress: ({ backend, done, total }) => {
        seen.push(`${backend} ${done}/${total}`);
        if (backend === "slow" && done === 1) stop.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: "aborted" });
    expect(seen).toEqual(["reference 0/2", "reference 1/2", "reference 2/2", "slow 0/2", "slow 1/2"]);
    expect(slow.state.open).toBe(0);
  });
});

describe("htmlReport", () => {
  test("is one page without scripts or links, escapes names, has both colour schemes", async () => {
    const result = await check([doubling("<b>same</b>").backend, doubling("wrong", { error: 1 }).backend, lacking]);
    const page = htmlReport(result);
    expect(page).toMatch(/color-scheme: light dark/);
    expect(page).not.toMatch(/<script|https?:|<link|<b>/);
    for (const text of ["&lt;b&gt;same", "no NVIDIA driver here", "Not OK", "1.00e+0"]) expect(page).toContain(text);
  });
});
