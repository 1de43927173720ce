import { copyFile, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

/** A model that Python's onnx saved with its weights in another file. */
const fixtures = fileURLToPath(new URL("../../../../packages/onnx/src/proto/fixtures/", import.meta.url));

const folder = testFolder(async (path) => {
  for (const name of ["whole", "alone", "linked"]) {
    await mkdir(join(path, name));
    await copyFile(join(fixtures, "external.onnx"), join(path, name, "external.onnx"));
  }
  await copyFile(join(fixtures, "external.bin"), join(path, "whole", "external.bin"));
  await copyFile(join(fixtures, "external.bin"), join(path, "secret.bin"));
  await rm(join(path, "linked", "external.bin"), { force: true });
  await symlink(join(path, "secret.bin"), join(path, "linked", "external.bin"));
});
const run = (...args: string[]) => resonnx(args, { folder: folder() });

test("a model is inspected and compared with the weights beside it", async () => {
  const inspected = await run("inspect", "whole/external.onnx", "--json");
  expect(JSON.parse(inspected.out)).toMatchObject({
    format: "onnx",
    inputs: [{ name: "x" }],
    outputs: [{ name: "y" }],
  });
  const compared = await run("parity", "whole/external.onnx", "--backends", "ort-node-cpu", "--json");
  expect(JSON.parse(compared.out)).toMatchObject({ ok: true, backends: [{ name: "ort-node-cpu", status: "ok" }] });
});

test.for([
  ["alone", /external\.onnx: its weights external\.bin are missing; copy it beside the model/],
  ["linked", /external\.onnx: external data outside its folder \(got external\.bin\)/],
] as const)("%s: refused", async ([name, message]) => {
  const { code, err } = await run("inspect", `${name}/external.onnx`);
  expect(err).toMatch(message);
  expect(code).toBe(2);
});
