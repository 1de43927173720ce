import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseHistory } from "../../../report/history.ts";
import { testFolder } from "../../../testing/folder.ts";
import { decodeCheckpoint } from "../../../train/checkpoint.ts";

const SCRIPT = fileURLToPath(new URL("../../../../dist/testing/train-tiny.js", import.meta.url));

interface Sitting {
  /** Kills the process once this returns true. */
  readonly until?: () => boolean;
  /** No file may grow beyond so many bytes: writes then fail in the middle, as they do on a full disk. */
  readonly most?: number;
}

/** Trains in the folder; the exit code, or null when it was killed, and what it complained of. */
async function sit(folder: string, { until, most }: Sitting = {}): Promise<{ code: number | null; errors: string }> {
  const limit = most === undefined ? "" : `ulimit -f ${Math.floor(most / 512)}; trap '' XFSZ; `;
  const child = spawn("sh", ["-c", `${limit}exec "$0" "$@"`, process.execPath, SCRIPT, folder]);
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += text;
  });
  const watch = setInterval(() => until?.() && child.kill("SIGKILL"), 5);
  const [code] = (await once(child, "close")) as [number | null];
  clearInterval(watch);
  return { code, errors };
}

/** A folder as a run leaves it that is killed in its first moment. */
const begun = (): string => {
  const owner = { pid: 1, host: hostname(), since: "2001-01-01T00:00:00Z", token: "gone" };
  return testFolder({ "run.lock": JSON.stringify(owner) });
};

const checkpointOf = (folder: string): Buffer => readFileSync(join(folder, "checkpoints/last.safetensors"));
const epochsOf = (folder: string): number => {
  try {
    return decodeCheckpoint(checkpointOf(folder), "last").position.epoch;
  } catch {
    return 0; // there is none yet
  }
};

test.skipIf(process.platform === "win32")(
  "a full disk leaves the last good checkpoint, from which the run goes on",
  async () => {
    const [whole, folder] = [begun(), begun()];
    expect((await sit(whole)).code).toBe(0);
    expect((await sit(folder, { until: () => epochsOf(folder) >= 3 })).code).toBeNull();
    const good = checkpointOf(folder);

    const full = await sit(folder, { most: statSync(join(folder, "checkpoints/last.safetensors")).size / 3 });
    expect(full.code).toBe(1);
    expect(full.errors).toMatch(/last\.safetensors: can't be written: EFBIG/);
    expect(checkpointOf(folder)).toEqual(good);
    expect(readdirSync(join(folder, "checkpoints")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(readdirSync(folder)).not.toContain("run.lock");

    expect((await sit(folder)).code).toBe(0);
    const [ended, wanted] = [folder, whole].map((path) => decodeCheckpoint(checkpointOf(path), path));
    expect(ended!.state).toEqual(wanted!.state);
    const losses = (path: string) =>
      parseHistory(readFileSync(join(path, "history.csv"), "utf8"), path).map(({ loss }) => loss);
    expect(losses(folder)).toEqual(losses(whole));
  },
);
