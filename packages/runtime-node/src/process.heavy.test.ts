import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { slowModel } from "./testing/models.ts";

/** How whole processes that use the runtime end: with their own exit code, never hanging, never crashing. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "resonnx-process-"));
  await writeFile(join(folder, "slow.onnx"), slowModel());
});
afterAll(() => rm(folder, { recursive: true }));

const PRELUDE = `
  const { loadModel, Tensor } = await import(${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)});
  const x = new Tensor("float32", new Float32Array(1e6), [1000, 1000]);
`;

function run(script: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const args = ["--input-type=module", "--eval", PRELUDE + script];
    execFile(process.execPath, args, { cwd: folder, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

test.each([
  ["an idle model doesn't keep the process alive", `await loadModel("slow.onnx"); console.log("done");`, 0, "done\n"],
  ["process.exit with an idle model", `await loadModel("slow.onnx"); process.exit(3);`, 3, ""],
  ["a run in progress does", `(await loadModel("slow.onnx")).run({ x }).then(() => console.log("ran"));`, 0, "ran\n"],
  [
    "an aborted run ends in the background",
    `const stop = new AbortController();
     setTimeout(() => stop.abort(), 20);
     await (await loadModel("slow.onnx")).run({ x }, { signal: stop.signal }).catch(({ code }) => console.log(code));`,
    0,
    "aborted\n",
  ],
  [
    "dispose waits for the run",
    `const model = await loadModel("slow.onnx");
     model.run({ x }).then(() => console.log("ran"));
     await model.dispose();
     console.log("disposed");`,
    0,
    "ran\ndisposed\n",
  ],
  [
    "a failed load is an error, not a hang",
    `await loadModel(Uint8Array.of(8, 8, 58, 2, 255, 255)).catch(({ code }) => console.log(code));`,
    0,
    "bad-input\n",
  ],
])("%s", async (_, script, code, stdout) => {
  expect(await run(script)).toEqual({ code, stdout, stderr: "" });
});
