import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** A folder for this file's tests, filled once and taken away at the end; its path comes from the returned function. */
export function testFolder(fill: (folder: string) => Promise<void>): () => string {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "resonnx-cli-"));
    await fill(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}
