import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { expectedScores, labelledPictures, pictures, writeFiles, writeModels } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const folder = testFolder(async (path) => {
  await writeModels(path);
  await writeFiles(path, labelledPictures);
  await writeFiles(path, { "other/test/red/a.png": pictures.red, "other/test/pink/a.png": pictures.red });
  await writeFiles(path, { "again/train/red/a.png": pictures.red, "again/train/blue/b.png": pictures.green });
  await writeFiles(path, { "again/test/red/c.png": pictures.red, "again/test/blue/d.png": pictures.blue });
  for (const signer of [1, 2, 3, 4, 5])
    await writeFiles(path, {
      [`signers/red/s${signer}.png`]: pictures.red,
      [`signers/blue/s${signer}.png`]: pictures.blue,
    });
  await writeFiles(path, { "two/test/red/a.png": pictures.red, "two/test/blue/a.png": pictures.blue });
});
const evaluate = (...args: string[]) => resonnx(["evaluate", ...args], { folder: folder() });

const red = expectedScores([220, 30, 40]);
const green = expectedScores([30, 200, 60]);
const blue = expectedScores([20, 60, 210]);

test("--json prints the evaluation in the model's order of labels", async () => {
  const { code, out } = await evaluate("run", "--data", "data", "--json");
  const loss = -(Math.log(red[0]!) + Math.log(green[1]!) + Math.log(blue[1]!) + Math.log(blue[2]!)) / 4;
  expect(JSON.parse(out)).toEqual({
    loss: expect.closeTo(loss, 5),
    accuracy: 0.75,
    count: 4,
    correct: 3,
    labels: ["red", "green", "blue"],
    confusion: [
      [1, 0, 0],
      [0, 1, 1],
      [0, 0, 1],
    ],
    perClass: [
      { label: "red", precision: 1, recall: 1, f1: 1, support: 1 },
      { label: "green", precision: 1, recall: 0.5, f1: expect.closeTo(2 / 3, 9), support: 2 },
      { label: "blue", precision: 0.5, recall: 1, f1: expect.closeTo(2 / 3, 9), support: 1 },
    ],
  });
  expect(code).toBe(0);
});

test("a model that knows more classes than the data is judged on those there are", async () => {
  const { out } = await evaluate("run", "--data", "two", "--json");
  expect(JSON.parse(out)).toMatchObject({ count: 2, correct: 2, labels: ["red", "green", "blue"] });
});

test("a model without labels has the data's, in their order", async () => {
  const { out, err } = await evaluate("plain.onnx", "--data", "data", "--json");
  expect(JSON.parse(out).labels).toEqual(["blue", "green", "red"]);
  expect(err).toMatch(/x\/255/);
});

test("--group makes the test split of whole groups", async () => {
  const { out, err } = await evaluate("run", "--data", "signers", "--group", "^(s.)", "--json");
  expect(JSON.parse(out)).toMatchObject({ count: 2, correct: 2 });
  expect(err).toMatch(/made of whole groups \(5 in all\): 2 for test/);
});

test("test pictures that were trained on are left out of a second result", async () => {
  const { out } = await evaluate("run", "--data", "again", "--json");
  const loss = expect.closeTo(-Math.log(blue[2]!), 5);
  expect(JSON.parse(out)).toMatchObject({ count: 2, withoutDuplicates: { loss, accuracy: 1, count: 1, correct: 1 } });
  const { out: text } = await evaluate("run", "--data", "again");
  expect(text).toMatch(/^without the pictures that train or val has too: accuracy 100\.00 % \(1 of 1\)/m);
});

test("the table names totals, classes and mistakes", async () => {
  const { out } = await evaluate("run", "--data", "data");
  expect(out).toMatch(/^accuracy 75\.00 % \(3 of 4\), loss \d/);
  expect(out).toMatch(/^ *green +0 +1 +1$/m);
});

test.each([
  [["run"], /required option '--data <folder>'/],
  [["run", "--data", "missing"], /missing: no such file or folder/],
  [["run", "--data", "data", "--split", "val"], /--split: data has no such pictures \(got val, wanted test\)/],
  [["run", "--data", "data", "--split", "all"], /--split: unknown \(got all, wanted train, val, test\)/],
  [["run", "--data", "other"], /classes that the model doesn't know \(got pink, wanted red, green, blue\)/],
  [["plain.onnx", "--data", "two"], /don't match \(got 3 outputs for 2 classes/],
])("%j is refused", async (args, message) => {
  const { code, out, err } = await evaluate(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
});

const SHARED = new URL("../../../../../shared/data/", import.meta.url).pathname;
test.skipIf(!existsSync(SHARED))("happyModel: a sigmoid tells two classes apart (needs ../shared/data)", async () => {
  const model = `${SHARED}keras_h5/jflashner_happyModel.h5`;
  const { out } = await evaluate(model, "--data", `${SHARED}h5/test_happy.h5`, "--json");
  expect(JSON.parse(out)).toMatchObject({ count: 150, correct: 144 }); // as its numpy probabilities say
});
