import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { coloursModel, writeFiles, writeModels } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const folder = testFolder(async (path) => {
  await writeModels(path);
  await writeFiles(path, { "colours.json": JSON.stringify(coloursModel().toJSON(null, false)) }); // for `--model`
  await mkdir(join(path, "tuned")); // a run with `--init x.onnx` has no other form
  await copyFile(join(path, "run/model.onnx"), join(path, "tuned/model.onnx"));
});
/** Files that Keras 2 and 3 wrote. */
const keras = (name: string) =>
  fileURLToPath(new URL(`../../../../packages/export/src/fixtures/${name}`, import.meta.url));
const inspect = (...args: string[]) => resonnx(["inspect", ...args], { folder: folder() });

test.each(["colours.h5", "colours.json", "run", "run/tfjs/model.json"])(
  "%s is printed as Keras does",
  async (model) => {
    const { code, out, err } = await inspect(model);
    expect(out).toMatch(/^Model: "colours"\n_+\nLayer \(type\) /);
    expect(out).toMatch(/\ncolour \(Dense\) +\(None, 3\) +9 +mean\[0\]\[0\]/);
    expect(out).toMatch(/\nTotal params: 9\nTrainable params: 9\nNon-trainable params: 0\n_+$/);
    expect({ code, err }).toEqual({ code: 0, err: "" });
  },
);

test("--json of a model with layers", async () => {
  const { out } = await inspect("colours.h5", "--json");
  expect(JSON.parse(out)).toEqual({
    format: "keras-h5",
    name: "colours",
    inputs: [{ name: "picture", shape: [null, 4, 4, 3] }],
    outputs: [{ name: "colour", shape: [null, 3] }],
    layers: [
      { name: "picture", type: "InputLayer", parameters: 0 },
      { name: "mean", type: "GlobalAveragePooling2D", parameters: 0 },
      { name: "colour", type: "Dense", parameters: 9 },
    ],
    parameters: 9,
    trainableParameters: 9,
  });
});

test.each(["run/model.onnx", "tuned"])("--json of %s, an .onnx file", async (model) => {
  const { code, out } = await inspect(model, "--json");
  expect(JSON.parse(out)).toMatchObject({
    format: "onnx",
    opsets: { "": 17 },
    inputs: [{ name: "picture", type: "float32", shape: [expect.any(String), 4, 4, 3] }],
    outputs: [{ name: "colour", type: "float32" }],
    ops: { Softmax: 1 },
    parameters: expect.any(Number),
    metadata: { "resonnx.labels": '["red","green","blue"]' },
  });
  expect(code).toBe(0);
});

test("an .onnx file for people", async () => {
  const { out } = await inspect("run/model.onnx");
  expect(out).toMatch(/^Graph "colours": opset ai\.onnx 17; IR version 8; producer resonnx/);
  expect(out).toMatch(/\ninput +picture +float32 +\[\w+, 4, 4, 3\]/);
  expect(out).toMatch(/\nSoftmax +1\n/);
  expect(out).toMatch(/resonnx\.labels: \["red","green","blue"\]/);
});

test.each([
  [["nothing.h5"], /nothing\.h5: no such file or folder/],
  [["."], /the folder holds no tfjs\/model\.json/],
  [[], /missing required argument 'model'/],
])("%j is refused", async (args, message) => {
  const { code, out, err } = await inspect(...args);
  expect({ code, out, lines: err.split("\n").length }).toEqual({ code: 2, out: "", lines: 1 });
  expect(err).toMatch(message);
});

test.each(["h5", "keras"])("two layers of one name in models inside a Keras 3 model (.%s)", async (kind) => {
  const { code, out } = await inspect(keras(`nested.keras3.${kind}`), "--json");
  const facts = JSON.parse(out);
  expect({ code, layers: facts.layers.map(({ name }: { name: string }) => name) }).toEqual({
    code: 0,
    layers: ["picture", "block", "tower", "extra", "sum", "dense", "head"],
  });
  // conv 3x3x2x3 + 3, bn 4x3; conv 3x3 + 3; dense 3x3 + 3; dense 3x4 + 4, out 4x2 + 2
  expect(facts.parameters).toBe(57 + 12 + 12 + 12 + 26);
});

test.each([
  ["attention.keras3.keras", "EinsumDense"],
  ["attention.keras2.h5", "EinsumDense"],
  ["masks.keras3.keras", "NotEqual"],
])("%s has a layer that tfjs has not, which is told in one line", async (file, name) => {
  const { code, out, err } = await inspect(keras(file));
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(new RegExp(`^error: \\S+${file}: tfjs has no such layer \\(got ${name}\\)$`));
});
