import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exportModel } from "@resonnx/export";
import { expect, test } from "vitest";
import { coloursModel, metadata, pictures, writeFiles, writeModels } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

/** Every backend is tried in src/backends; the quick one is enough for what the command does. */
const CPU = ["--backends", "ort-node-cpu"];

const folder = testFolder(async (path) => {
  await writeModels(path);
  await writeModels(join(path, "changed"));
  const other = await exportModel(coloursModel(3), { metadata });
  await writeFiles(path, {
    "changed/run/model.onnx": other.bytes,
    "tuned/model.onnx": other.bytes, // all that a run with `--init x.onnx` holds
    "photos/a.png": pictures.red,
    "photos/b.png": pictures.green,
    "photos/notes.txt": "not a picture",
    "empty/notes.txt": "not a picture",
  });
});
const parity = (...args: string[]) => resonnx(["parity", ...args], { folder: folder() });

test.each([["run"], ["run", "--input", "photos"], ["run", "--input", "photos/a.png"], ["colours.h5"]])(
  "%s %s %s: the source on tfjs is the reference",
  async (...args) => {
    const { code, out } = await parity(...args, ...CPU, "--json");
    const backend = { name: "ort-node-cpu", status: "ok", reason: null, maxAbs: expect.any(Number), argmaxAgree: true };
    expect(JSON.parse(out)).toEqual({ ok: true, reference: "tfjs", backends: [backend] });
    expect(JSON.parse(out).backends[0].maxAbs).toBeLessThan(1e-6);
    expect(code).toBe(0);
  },
);

test.each(["run/model.onnx", "tuned"])(
  "%s, an .onnx file alone, is compared with onnxruntime on the CPU; tfjs is skipped with its reason",
  async (model) => {
    const { code, out } = await parity(model, "--backends", "tfjs,ort-node-cpu", "--json");
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      reference: "ort-node-cpu",
      backends: [
        { name: "tfjs", status: "skipped", reason: expect.stringMatching(/isn't given/) },
        { status: "ok", maxAbs: 0 },
      ],
    });
    expect(code).toBe(0);
  },
);

test("a file that isn't its source's is a disagreement, and the report tells", async () => {
  const { code, out, err } = await parity("changed/run", ...CPU, "--report", "out/report.html");
  expect(out).toMatch(/^ort-node-cpu +differs +\d\.\de-\d/m);
  expect(out).toMatch(/1 of 1 backends ran, not all agree with tfjs \(tfjs 4\.\S+ wasm\)$/);
  expect(code).toBe(1);
  expect(err).toMatch(/^report: .*out\/report\.html$/m);
  expect(await readFile(join(folder(), "out/report.html"), "utf8")).toMatch(/differs/);
});

test.each([
  [["run", "--backends", "ort-node-cpu,gpu"], /--backends: unknown \(got gpu, wanted tfjs, ort-node-cpu/],
  [["run", "--input", "empty"], /no pictures in it/],
  [["run", "--input", "photos/notes.txt"], /can't be decoded/],
  [["photos"], /the folder holds no model\.onnx/],
  [["photos/a.png"], /a\.png/],
])("%j is refused", async (args, message) => {
  const { code, out, err } = await parity(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
});
