import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { writeAtomic } from "./write-atomic.ts";

/** A folder that goes away with the test. */
function testFolder(): string {
  const root = mkdtempSync(join(tmpdir(), "resonnx-export-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

describe("writeAtomic", () => {
  test("writes bytes and texts, into new folders, over old files, and leaves nothing else", async () => {
    const root = testFolder();
    await writeAtomic(join(root, "a/b/file"), Uint8Array.of(1, 2, 3));
    expect([...readFileSync(join(root, "a/b/file"))]).toEqual([1, 2, 3]);
    await writeAtomic(join(root, "a/b/file"), "\u00e9");
    expect(readFileSync(join(root, "a/b/file"), "utf8")).toBe("\u00e9");
    expect(readdirSync(join(root, "a/b"))).toEqual(["file"]);
  });

  test("a reader sees one whole version or another, whoever writes at the same time", async () => {
    const path = join(testFolder(), "file");
    writeFileSync(path, "0".repeat(100_000));
    const writes = Array.from({ length: 8 }, (_, i) => writeAtomic(path, String(i).repeat(100_000)));
    let isDone = false;
    const all = Promise.all(writes).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const text = readFileSync(path, "utf8");
      expect(text).toBe(text[0]!.repeat(100_000));
      await new Promise(setImmediate);
    }
    await all;
  });

  test("a failure leaves the target as it was and no temporary file", async () => {
    const root = testFolder();
    mkdirSync(join(root, "target/inside"), { recursive: true }); // a file can't take the place of a folder
    await expect(writeAtomic(join(root, "target"), "text")).rejects.toMatchObject({
      code: "failed",
      message: expect.stringMatching(/target: can't be written: /),
    });
    expect(readdirSync(root)).toEqual(["target"]);
    expect(readdirSync(join(root, "target"))).toEqual(["inside"]);
  });

  test("a folder that can't be made is named", async () => {
    const root = testFolder();
    writeFileSync(join(root, "file"), "x");
    await expect(writeAtomic(join(root, "file/below"), "text")).rejects.toMatchObject({ code: "failed" });
  });
});
