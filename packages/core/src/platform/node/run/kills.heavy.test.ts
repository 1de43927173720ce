import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Random, randomFor } from "../../../random/random.ts";
import { parseHistory } from "../../../report/history.ts";
import { testFolder } from "../../../testing/folder.ts";
import { decodeCheckpoint } from "../../../train/checkpoint.ts";
import { RUN_FILES } from "./run-folder.ts";

const SCRIPT = new URL("../../../../dist/testing/train-tiny.js", import.meta.url);
const KILLS = process.env.RESONNX_FULL === "1" ? 50 : 8;
const SEED = 6;

/** What the child tells in an uninterrupted run, about. */
const EVENTS = 65;
/** Longest wait after an event before the kill, ms: into the step, or into the writing of results after the last one. */
const WITHIN = { step: 15, results: 700 };

/** Trains in the folder; with `random` the process is killed at some moment unless it is done before. */
function sit(folder: string, random?: Random): Promise<"done" | "killed"> {
  const child = fork(SCRIPT, [folder], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const target = random ? Math.floor(random() * (EVENTS + 8)) - 2 : Number.POSITIVE_INFINITY;
  const wait = (random?.() ?? 0) * (target > EVENTS - 6 ? WITHIN.results : WITHIN.step);
  let [events, done, errors] = [0, false, ""];
  const kill = () => setTimeout(() => child.kill("SIGKILL"), wait);
  if (target < 0) kill();
  child.stderr?.on("data", (text) => {
    errors += text;
  });
  child.on("message", (message) => {
    done ||= message === "done";
    if (events++ === target) kill();
  });
  return new Promise((resolve, reject) => {
    child.on("exit", (code, signal) => {
      if (done) resolve("done");
      else if (signal === "SIGKILL") resolve("killed");
      else reject(new Error(`the training ended with ${code ?? signal}: ${errors}`));
    });
  });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** A folder as a run leaves it that is killed in its first moment. */
function begun(path: string): string {
  mkdirSync(path);
  const owner = { pid: 1, host: hostname(), since: "2001-01-01T00:00:00Z", token: "gone" };
  writeFileSync(join(path, RUN_FILES.lock), JSON.stringify(owner));
  return path;
}

/** All that a run's result consists of, but for times. */
function result(folder: string) {
  const read = (path: string) => readFileSync(join(folder, path));
  const last = decodeCheckpoint(read("checkpoints/last.safetensors"), "last");
  const best = last.position.best!.epoch;
  const { waiting: _, ...metrics } = JSON.parse(`${read(RUN_FILES.metrics)}`);
  return {
    files: readdirSync(folder, { recursive: true })
      .filter((name) => !`${name}`.includes("tfevents"))
      .sort(),
    state: last.state,
    best: decodeCheckpoint(read(`checkpoints/best-${best}.safetensors`), "best").state,
    onnx: sha256(read(RUN_FILES.onnx)),
    weights: sha256(read("tfjs/weights.bin")),
    metrics,
    history: parseHistory(`${read(RUN_FILES.history)}`).map(({ seconds: _, ...row }) => row),
  };
}

test(`${KILLS} kills at random moments: every run resumes to the same weights`, async () => {
  const folder = testFolder();
  const first = begun(join(folder, "whole"));
  await sit(first);
  const whole = result(first);
  const random = randomFor(SEED, 0, 0);
  for (let kills = 0, run = 0; kills < KILLS; run++) {
    const path = begun(join(folder, `${run}`));
    let sittings = 0;
    for (; kills < KILLS && (await sit(path, random)) === "killed"; sittings++) kills++;
    if (kills === KILLS) await sit(path);
    expect(result(path), `run ${run} after ${sittings} kills`).toEqual(whole);
  }
});
