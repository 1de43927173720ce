import { expect, test } from "vitest";
import { writeFiles } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const HEADER = "epoch,steps,seconds,loss,accuracy,val_loss,val_accuracy,learning_rate";
const folder = testFolder((path) =>
  writeFiles(path, {
    "runs/a/run.json": '{"data": "d", "epochs": 2}',
    "runs/a/history.csv": `${HEADER}\n1,2,60,1,0.5,1,0.875,0.1\n`,
    "runs/a/metrics.json": '{"accuracy": 0.75, "loss": 0.5, "count": 4, "epoch": 1}',
    "runs/b/run.json": '{"data": "d", "epochs": 3, "recipe": "tutorial"}',
    "runs/c/run.json": "{",
  }),
);
const runs = (...args: string[]) => resonnx(["runs", ...args], { folder: folder() });

test("list has a row a run, and names broken ones", async () => {
  const { code, out, err } = await runs("list", "runs");
  expect(out).toMatch(/a +resnet50 +default +finished +1\/2 +87\.50 % +75\.00 % +0\.5000 +1 min 0 s/);
  expect(out).toMatch(/b +resnet50 +tutorial +stopped +0\/3 /);
  expect(err).toMatch(/run\.json: the text is not JSON/);
  expect(code).toBe(0);
  expect(JSON.parse((await runs("list", "runs", "--json")).out)).toHaveLength(2);
});

test("compare has a row for each difference, and the results", async () => {
  const { out } = await runs("compare", "runs/a", "runs/b");
  expect(out).toMatch(/^epochs +2 +3$/m);
  expect(out).toMatch(/^recipe\.keep +"best" +"last"$/m);
  expect(out).toMatch(/^Test accuracy +75\.00 %$/m);
  const value = JSON.parse((await runs("compare", "runs/a", "runs/b", "--json")).out);
  expect(value.differences).toContainEqual({ name: "epochs", a: "2", b: "3" });
});

test.each([
  [["list"], /missing required argument 'folder'/],
  [["list", "nowhere"], /nowhere: can't be listed/],
  [["compare", "runs/a"], /runs compare: not usable \(got 1 folders, wanted two\)/],
  [["compare", "runs/a", "runs"], /there is no run/],
  [["show", "runs"], /action: not usable \(got show, wanted list or compare\)/],
])("%j is refused", async (args, message) => {
  const { code, out, err } = await runs(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
});
