import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { coloursModel, pictures } from "./testing/fixtures.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "resonnx-server-"));
  await writeFile(join(folder, "colours.onnx"), coloursModel());
});
afterAll(() => rm(folder, { recursive: true }));

function start(...args: string[]): {
  child: ChildProcess;
  stderr: () => string;
  listening: Promise<string>;
  exit: Promise<unknown[]>;
} {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  const exit = once(child, "exit");
  const listening = new Promise<string>((resolve, reject) => {
    child.stderr?.on("data", (chunk) => {
      text += chunk;
      const url = /listening on (\S+)/.exec(text)?.[1];
      if (url) resolve(url);
    });
    void exit.then(() => reject(new Error(text)));
  });
  listening.catch(() => undefined); // only some tests wait for it
  return { child, stderr: () => text, listening, exit };
}

test.each(["SIGTERM", "SIGINT"] as const)("listens on a real socket, classifies, ends on %s", async (signal) => {
  const { child, stderr, listening, exit } = start("--model", "colours=colours.onnx", "--port", "0");
  const url = await listening;
  expect(stderr()).toMatch(/colours: colours\.onnx on \w+/);
  const response = await fetch(`${url}/v2/models/colours/classify`, {
    method: "POST",
    headers: { "content-type": "image/jpeg" },
    body: pictures["image/jpeg"],
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ model_name: "colours", predictions: [{ label: "red" }, {}, {}] });
  child.kill(signal);
  expect(await exit).toEqual([0, null]);
});

test.each([
  [[], /--model: there is none/],
  [["--model", "colours.onnx"], /wanted NAME=FILE/],
  [["--model", "a=missing.onnx"], /missing\.onnx: no such file/],
  [["--model", "a=colours.onnx", "--model", "a=colours.onnx"], /two models have one name/],
  [["--model", "a=colours.onnx", "--port", "70000"], /--port: not a port/],
  [["--model", "a=colours.onnx", "--log-level", "loud"], /--log-level: no such level/],
  [["--unknown"], /unknown/i],
] as const)("%j is refused with exit code 2 and one line", async (args, message) => {
  const { stderr, exit } = start(...args);
  expect(await exit).toEqual([2, null]);
  expect(stderr()).toMatch(message);
  expect(stderr()).not.toMatch(/\n {4}at /);
});

test("a port in use is refused, and the process ends", async () => {
  const first = start("--model", "a=colours.onnx", "--port", "0");
  const { port } = new URL(await first.listening);
  const second = start("--model", "a=colours.onnx", "--port", port);
  expect(await second.exit).toEqual([2, null]);
  expect(second.stderr()).toMatch(/can't listen/);
  first.child.kill();
  expect(await first.exit).toEqual([0, null]);
});
