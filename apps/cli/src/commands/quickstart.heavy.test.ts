import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const folder = testFolder(async () => undefined);

/** One epoch is enough for the way; how good seven are is measured in core. */
test("trains, compares every backend, classifies, and says where all of it is", async () => {
  const { code, out } = await resonnx(["quickstart", "--epochs", "1", "--out", "first", "--json"], {
    folder: folder(),
  });
  const result = JSON.parse(out);
  expect(result).toMatchObject({
    folder: join(folder(), "first"),
    evaluation: { labels: ["0", "1", "2", "3", "4", "5"] },
    parity: { ok: true, reference: "tfjs" },
    parityReport: join(folder(), "first/parity.html"),
  });
  expect(result.parity.backends.filter(({ status }: { status: string }) => status === "ok").length).toBeGreaterThan(2);
  expect(result.predictions).toHaveLength(8);
  for (const { label, predictions } of result.predictions) {
    expect(label).toMatch(/^[0-5]$/);
    expect(predictions).toHaveLength(3);
  }
  for (const file of [...result.files, result.parityReport]) expect((await readFile(file)).length).toBeGreaterThan(0);
  expect(code).toBe(0);
});
