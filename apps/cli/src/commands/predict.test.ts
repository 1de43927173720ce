import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { exportModel } from "@resonnx/export";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { expectedScores, metadata, pictures, writeFiles, writeModels } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const folder = testFolder(async (path) => {
  await writeModels(path);
  await writeFiles(path, {
    "red.png": pictures.red,
    "blue.png": pictures.blue,
    "text.jpg": "not a picture",
    "again/red.png": pictures.red,
    "conv.onnx": (await exportModel(convolved(), { metadata })).bytes,
    "picture.onnx": pictures.red,
    "cut.h5": Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0),
  });
});
/** Three channels passed on by a convolution, and their means. */
function convolved(): tf.LayersModel {
  const input = tf.input({ shape: [4, 4, 3], name: "picture" });
  const x = tf.layers.conv2d({ name: "conv", filters: 3, kernelSize: 1, useBias: false }).apply(input);
  const mean = tf.layers.globalAveragePooling2d({ name: "mean", dataFormat: "channelsLast" }).apply(x);
  const model = tf.model({ inputs: input, outputs: mean as tf.SymbolicTensor, name: "convolved" });
  model.setWeights([tf.eye(3).reshape([1, 1, 3, 3])]);
  return model;
}

const predict = (...args: string[]) => resonnx(["predict", ...args], { folder: folder() });

test("--json prints a list, a picture each, best first", async () => {
  const { code, out, err } = await predict("run", "red.png", "blue.png", "--top-k", "2", "--json");
  const [red, green, blue] = expectedScores([20, 60, 210]);
  expect(JSON.parse(out)).toEqual([
    { file: "red.png", predictions: [expect.objectContaining({ label: "red" }), expect.anything()] },
    {
      file: "blue.png",
      predictions: [
        { label: "blue", score: expect.closeTo(blue!, 5) },
        { label: "green", score: expect.closeTo(green!, 5) },
      ],
    },
  ]);
  expect(red).toBeLessThan(green!);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^running on cpu/) });
});

test.each(["colours.h5", "run/tfjs/model.json", "plain.onnx"])(
  "%s has no preprocessing: x/255 at its own size, and says so",
  async (model) => {
    const { code, out, err } = await predict(model, "blue.png", "--top-k", "1", "--json");
    const [, , blue] = expectedScores([20, 60, 210]);
    expect(JSON.parse(out)[0].predictions).toEqual([{ label: "2", score: expect.closeTo(blue!, 5) }]);
    expect(err).toMatch(/doesn't say how pictures are prepared: 4 x 4, rgb, nhwc, x\/255/);
    expect(code).toBe(0);
  },
);

test("the table has a row a label", async () => {
  const { out } = await predict("run", "red.png");
  expect(
    out
      .split("\n")
      .slice(2)
      .map((line) => line.split(/\s+/).slice(0, 2)),
  ).toEqual([
    ["red.png", "red"],
    ["", "blue"],
    ["", "green"],
  ]);
});

test("--explain writes a heat map for each picture beside its labels", async () => {
  const { code, out } = await predict("conv.onnx", "red.png", "blue.png", "--explain", "maps", "--json");
  expect(JSON.parse(out).map((each: { predictions: { label: string }[] }) => each.predictions[0]?.label)).toEqual([
    "red",
    "blue",
  ]);
  expect(code).toBe(0);
  expect((await readdir(join(folder(), "maps"))).sort()).toEqual(["blue.png", "red.png"]);
  const png = await readFile(join(folder(), "maps/red.png"));
  expect([...png.subarray(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([4, 4]); // its header's width and height
  const flat = await predict("run", "red.png", "--explain", "none");
  expect(flat).toMatchObject({ code: 1, err: expect.stringMatching(/no convolution/) });
});

test("a picture that can't be read doesn't keep the others from their labels", async () => {
  const files = ["red.png", "text.jpg", "missing.png", "blue.png"];
  const { code, out, err } = await predict("run", ...files, "--top-k", "1");
  expect(code).toBe(1);
  expect(out).toMatch(/red\.png +red .*\nblue\.png +blue /);
  expect(err.split("\n").slice(-2)).toEqual([
    expect.stringMatching(/^error: .*text\.jpg: can't be decoded/),
    expect.stringMatching(/^error: .*missing\.png: no such file/),
  ]);
  const { out: listed } = await predict("run", ...files, "--json");
  expect(JSON.parse(listed)).toEqual(
    files.map((file) => ({ file, [/red|blue/.test(file) ? "predictions" : "error"]: expect.anything() })),
  );
});

test.each([
  [["conv.onnx", "red.png", "again/red.png", "--explain", "maps"], /two pictures would be one file \(got red\.png\)/],
  [["run", "missing.png"], /missing\.png: no such file/],
  [["run", "text.jpg"], /text\.jpg: can't be decoded/],
  [["missing.onnx", "red.png"], /missing\.onnx: no such file or folder/],
  [["picture.onnx", "red.png"], /picture\.onnx: not an ONNX model.*PNG picture/],
  [["cut.h5", "red.png"], /cut\.h5/],
  [["text.jpg", "red.png"], /text\.jpg/],
  [[".", "red.png"], /the folder holds no model\.onnx/],
  [["run"], /missing required argument 'image'/],
  [["run", "red.png", "--top-k", "none"], /--top-k: not usable \(got none, wanted a whole number from 1\)/],
])("%j is refused in one line", async (args, message) => {
  const { code, out, err } = await predict(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
  expect(err.split("\n").at(-1)).toMatch(/^error: /);
  expect(err).not.toMatch(/\n {4}at /);
});
