import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readMetadata } from "@resonnx/base";
import { readKeras, readKerasTraining, writeKerasH5 } from "@resonnx/keras";
import { describe as describeOnnx } from "@resonnx/onnx";
import { expect, test } from "vitest";
import { metadata, writeFiles, writeModels } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const folder = testFolder(async (path) => {
  await writeModels(path);
  await writeFiles(path, {
    "broken.h5": "no HDF5",
    "graph/model.json": `{"format": "graph-model"}`,
    "a/run/x.txt": "",
  });
});
const run = (...args: string[]) => resonnx(["export", ...args], { folder: folder() });
const written = async (path: string) => new Uint8Array(await readFile(join(folder(), path)));

test("--json has a row an input; one that fails does not stop the rest", async () => {
  const { code, out, err } = await run(
    "broken.h5",
    "colours.h5",
    "missing.h5",
    "run/tfjs/model.json",
    "--out-dir",
    "o",
    "--json",
  );
  const good = { ok: true, error: null, nodes: expect.any(Number), opset: 17, ms: expect.any(Number) };
  const bad = { output: null, ok: false, nodes: null, opset: null, ms: null };
  expect(JSON.parse(out)).toEqual([
    { input: "broken.h5", ...bad, error: expect.stringMatching(/broken\.h5/) },
    { input: "colours.h5", output: "o/colours.onnx", ...good },
    { input: "missing.h5", ...bad, error: expect.stringMatching(/no such file/) },
    { input: "run/tfjs/model.json", output: "o/tfjs.onnx", ...good },
  ]);
  expect(code).toBe(1);
  expect(err.split("\n")).toEqual([
    expect.stringMatching(/^error: .*broken/),
    expect.stringMatching(/^error: .*missing/),
  ]);
  expect(describeOnnx(await written("o/tfjs.onnx")).outputs).toMatchObject([{ name: "colour" }]);
});

test("a run folder's file keeps labels and preprocessing", async () => {
  expect((await run("run", "--out", "deep/er/again.onnx", "--verify")).code).toBe(0);
  expect(readMetadata(await written("deep/er/again.onnx"))).toMatchObject(metadata);
});

test("without --out the file lies beside its input", async () => {
  const { code, out } = await run("colours.h5");
  expect(code).toBe(0);
  expect(out).toMatch(/^colours\.h5 +colours\.onnx +\d+ +\d+$/m);
  expect(readMetadata(await written("colours.onnx")).source).toEqual({ format: "keras-h5", name: "colours" });
});

test("--opset and --no-optimize reach the exporter", async () => {
  await run("colours.h5", "--out", "13.onnx", "--opset", "13", "--no-optimize");
  expect(describeOnnx(await written("13.onnx")).opsets).toEqual({ "": 13 });
});

test("two inputs of one name don't overwrite each other", async () => {
  const { code, out } = await run("colours.h5", "./colours.h5", "--out-dir", "twice", "--json");
  expect(JSON.parse(out)).toMatchObject([{ ok: true }, { ok: false, error: expect.stringMatching(/has that name/) }]);
  expect(code).toBe(1);
});

test.each(["broken.h5", "graph/model.json", "a"])("%s leaves no file behind", async (input) => {
  expect(await run(input, "--out", "nothing.onnx")).toMatchObject({ code: 1 });
  await expect(stat(join(folder(), "nothing.onnx"))).rejects.toMatchObject({ code: "ENOENT" });
});

test.each([
  [[], /missing required argument 'in'/],
  [["colours.h5", "--opset", "99"], /--opset: not usable \(got 99, wanted a whole number, 13 to 23\)/],
  [["colours.h5", "--layout", "nhcw"], /--layout/],
  [["colours.h5", "--precision", "fp8"], /--precision/],
  [["colours.h5", "run", "--out", "x.onnx"], /one file for several models/],
])("%j is refused", async (args, message) => {
  const { code, out, err } = await run(...args);
  expect({ code, out, lines: err.split("\n").length }).toEqual({ code: 2, out: "", lines: 1 });
  expect(err).toMatch(message);
});

test("Ctrl-C ends it all", async () => {
  const { code, out, err } = await resonnx(["export", "colours.h5", "run"], {
    folder: folder(),
    signal: AbortSignal.abort(),
  });
  expect({ code, out }).toEqual({ code: 130, out: "" });
  expect(err).toMatch(/stopped before it was done/);
});

test.for(["back.keras", "back.h5"])("--out %s writes a Keras file", async (file) => {
  const { code, out } = await run("run", "--out", file, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([
    { input: "run", output: file, ok: true, error: null, nodes: null, opset: null, ms: expect.any(Number) },
  ]);
  const source = await readKeras(await written("colours.h5"));
  expect((await readKeras(await written(file))).weightData).toEqual(source.weightData);
});

test("the optimizer's state goes along", async () => {
  const artifacts = await readKeras(await written("colours.h5"));
  const optimizer = {
    className: "SGD",
    config: { learning_rate: 0.5, momentum: 0.5 },
    state: { iterations: 9, arrays: {} },
  } as const;
  const compile = { optimizer, loss: "mse", metrics: [] };
  await writeFiles(folder(), { "trained.h5": await writeKerasH5(artifacts, { compile }) });
  expect((await run("trained.h5", "--out", "trained.keras")).code).toBe(0);
  const training = await readKerasTraining(await written("trained.keras"));
  expect(training?.optimizer).toMatchObject({ className: "SGD", config: optimizer.config, state: { iterations: 9 } });
});

test("a model whose optimizer nobody has is written without it", async () => {
  const artifacts = await readKeras(await written("colours.h5"));
  const optimizer = { className: "SGD", config: { learning_rate: 0.5 } } as const;
  const compile = { optimizer, loss: "mse", metrics: [] };
  const bytes = await writeKerasH5(artifacts, { compile });
  const text = Buffer.from(bytes).toString("latin1").replace('"class_name":"SGD"', '"class_name":"FTR"');
  await writeFiles(folder(), { "strange.h5": new Uint8Array(Buffer.from(text, "latin1")) });
  const { code, err } = await run("strange.h5", "--out", "strange.keras");
  expect(err).toMatch(/strange\.h5: written without its optimizer: .*FTR/);
  expect(code).toBe(0);
  expect(await readKerasTraining(await written("strange.keras"))).toBeUndefined();
});

test("options of ONNX files are refused for Keras files", async () => {
  const { code, err } = await run("run", "--out", "x.keras", "--precision", "int8");
  expect(code).toBe(1);
  expect(err).toMatch(/--precision: says how to write an ONNX file \(got .*x\.keras, wanted an \.onnx file\)/);
});
