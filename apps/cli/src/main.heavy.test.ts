import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { pictures, writeFiles, writeModels } from "./testing/fixtures.ts";
import { testFolder } from "./testing/folder.ts";

/** The built command as a process of its own: exit codes, streams and signals. */
const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

const folder = testFolder(async (path) => {
  await writeModels(path);
  await writeFiles(path, {
    "red.png": pictures.red,
    "text.jpg": "not a picture",
    "picture.onnx": pictures.red,
    "data/red/a.png": pictures.red,
    "data/red/b.png": pictures.blue,
    "two/train/red/a.png": pictures.red,
    "two/train/red/b.png": pictures.red,
    "two/train/blue/a.png": pictures.blue,
    "two/train/blue/b.png": pictures.blue,
    "two/test/red/c.png": pictures.red,
    "two/test/blue/c.png": pictures.blue,
  });
  const { readFile } = await import("node:fs/promises");
  await writeFiles(path, { "cut.h5": (await readFile(`${path}/colours.h5`)).subarray(0, 1500) });
});

interface Started {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  readonly end: Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>;
}

function start(args: readonly string[], { cwd = folder(), env = {} } = {}): Started {
  const { INIT_CWD: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...inherited, ...env }, detached: true });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const end = once(child, "close").then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return { child, stderr: () => stderr, end };
}

test("0: the result, and nothing else, on stdout", async () => {
  const { code, stdout, stderr } = await start(["predict", "run", "red.png", "--json"]).end;
  expect(JSON.parse(stdout)).toMatchObject([{ file: "red.png", predictions: [{ label: "red" }, {}, {}] }]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^running on cpu/);
});

test("paths are the user's, wherever pnpm runs the command", async () => {
  const { code } = await start(["predict", "run", "red.png"], { cwd: "/", env: { INIT_CWD: folder() } }).end;
  expect(code).toBe(0);
});

test("export to a target: layout, precision, opset, verified and reported", async () => {
  const target = ["--layout", "nchw", "--precision", "int8", "--opset", "21", "--verify", "--report"];
  const { code, stderr } = await start(["export", "colours.h5", "--out", "int8.onnx", ...target]).end;
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("largest difference from tfjs") });
  expect(existsSync(join(folder(), "int8.onnx.md"))).toBe(true);
  const report = JSON.parse(readFileSync(join(folder(), "int8.onnx.json"), "utf8"));
  expect(report).toMatchObject({ opset: 21, precision: "int8", layouts: { source: "nhwc", file: "nchw" } });
});

test("1: an export that failed", async () => {
  const { code, stdout } = await start(["export", "cut.h5", "colours.h5", "--json"]).end;
  expect(JSON.parse(stdout)).toMatchObject([{ ok: false }, { ok: true }]);
  expect(code).toBe(1);
});

test.each([
  ["a missing folder", ["train", "--data", "nowhere"]],
  ["a folder with one class", ["train", "--data", "data", "--out", "runs/one"]],
  ["text named .jpg", ["predict", "run", "text.jpg"]],
  ["a truncated .h5", ["inspect", "cut.h5"]],
  ["an .onnx that is a picture", ["inspect", "picture.onnx"]],
  ["an unknown option", ["predict", "run", "red.png", "--topk", "1"]],
  ["an unknown command", ["predikt"]],
  ["a port that can't be", ["serve", "--model", "a=run", "--port", "99999"]],
])("2: %s, in one line", async (_, args) => {
  const { code, stdout, stderr } = await start(args).end;
  const errors = stderr.split("\n").filter((line) => line.startsWith("error: "));
  expect({ code, stdout, errors: errors.length }).toEqual({ code: 2, stdout: "", errors: 1 });
  expect(stderr).not.toMatch(/\n +at /);
});

describe("130", () => {
  test("Ctrl-C ends a training after its step, a second one says so, and the checkpoint is there", async () => {
    const { child, stderr, end } = start([
      "train",
      "--data",
      "two",
      "--out",
      "runs/two",
      "--batch-size",
      "2",
      "--epochs",
      "50",
    ]);
    await until(() => stderr().includes("step 2/"), end);
    process.kill(-child.pid!, "SIGINT");
    await until(() => stderr().includes("stopping after the step in progress"), end);
    process.kill(-child.pid!, "SIGINT");
    expect(await end).toEqual({
      code: 130,
      signal: null,
      stdout: "",
      stderr: expect.stringMatching(/still finishing the step in progress[\s\S]*\nerror: epoch \d+, step \d+: stopped/),
    });
    const resumed = start(["train", "--data", "two", "--out", "runs/two", "--resume", "--epochs", "50"]);
    await until(() => resumed.stderr().includes("resuming after"), resumed.end);
    process.kill(-resumed.child.pid!, "SIGTERM");
    expect(await resumed.end).toMatchObject({ code: 130, signal: null });
  });
});

test("130: Ctrl-C reaches Chromium and child processes too, and is no disagreement", async () => {
  const { child, stderr, end } = start(["parity", "run", "--backends", "ort-node-webgpu,ort-web-wasm"]);
  await until(() => stderr().includes("running ort-node-webgpu"), end);
  process.kill(-child.pid!, "SIGINT");
  expect(await end).toMatchObject({ code: 130, signal: null, stdout: "" });
});

test("a server ends with 0 on Ctrl-C, for that is its end", async () => {
  const { child, stderr, end } = start(["serve", "--model", "signs=run", "--port", "0"]);
  await until(() => stderr().includes("listening on "), end);
  process.kill(-child.pid!, "SIGINT");
  expect(await end).toMatchObject({ code: 0, signal: null, stdout: "" });
});

/** Waits for what must happen before the process ends. */
async function until(happened: () => boolean, end: Promise<unknown>): Promise<void> {
  let ended = false;
  void end.then(() => {
    ended = true;
  });
  while (!happened()) {
    if (ended) throw new Error("the process ended before");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
