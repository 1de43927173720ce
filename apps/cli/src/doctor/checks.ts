import { reasonOf, throwIfAborted } from "@resonnx/base";
import type { Device, EngineName } from "@resonnx/core";
import type { Backend } from "@resonnx/parity";
import { BACKEND_NAMES } from "../backends/names.ts";
import { loadTfjs } from "../model/tfjs.ts";
import type { Io } from "../terminal/io.ts";
import { tinyModel } from "./tiny-model.ts";

/** Whether something works here; `detail` is what it runs on, or why it doesn't. */
export interface Check {
  readonly name: string;
  readonly works: boolean;
  readonly detail: string;
}

/** Runs a tiny model on every backend but tfjs, which needs none to be judged. */
export async function checkBackends(io: Io, signal: AbortSignal): Promise<Check[]> {
  const { backends } = await import("../backends/index.ts");
  const checks: Check[] = [];
  for (const name of BACKEND_NAMES) {
    throwIfAborted(signal, "doctor");
    io.status(`trying ${name}`);
    checks.push(name === "tfjs" ? await checkTfjs() : await checkBackend(backends[name]({})));
  }
  return checks;
}

async function checkBackend({ name, open }: Backend): Promise<Check> {
  const { bytes, tinyCase } = tinyModel();
  return attempt(name, async () => {
    const session = await open(bytes);
    try {
      await session.run(tinyCase.inputs);
      return session.provider ?? "works";
    } finally {
      await session.close();
    }
  });
}

/** Tries tfjs' wasm backend. */
export async function checkTfjs(): Promise<Check> {
  const tryIt = async (): Promise<string> => {
    const tf = await import("@tensorflow/tfjs");
    await import("@tensorflow/tfjs-backend-wasm");
    if (!(await tf.setBackend("wasm"))) throw new Error("its wasm backend does not start");
    return `tfjs ${tf.version_core} wasm`;
  };
  return backendKept(() => attempt("tfjs", tryIt));
}

/** Every engine on every device that it could have. */
export async function checkEngines(): Promise<Check[]> {
  const { DEVICES, ENGINE_NAMES } = await import("@resonnx/core");
  return backendKept(async () => {
    const checks: Check[] = [];
    for (const engine of ENGINE_NAMES)
      for (const device of DEVICES) checks.push(await attempt(`${engine} on ${device}`, () => oneStep(engine, device)));
    return checks;
  });
}

/** Trains two samples for a step: only then is it certain that a device is there. */
async function oneStep(engine: EngineName, device: Device): Promise<string> {
  const [{ chooseEngine }, tf] = await Promise.all([import("@resonnx/core"), loadTfjs()]);
  const chosen = await chooseEngine({ engine, device });
  if (chosen.name !== engine || chosen.device !== device)
    throw new Error(`${chosen.name} on ${chosen.device} would run instead`);
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], activation: "softmax" })] });
  const session = await chosen.open({ model, optimizer: "sgd", batchSize: 2 });
  try {
    const identity = Float32Array.of(1, 0, 0, 1);
    await session.step({ inputs: identity, labels: identity, count: 2 }, 0.1);
    return "trains";
  } finally {
    await session.dispose();
    model.dispose();
  }
}

/** tfjs has one backend for everybody: what tries others, one after the other, gives it back in the end. */
async function backendKept<T>(work: () => Promise<T>): Promise<T> {
  const tf = await loadTfjs();
  await tf.ready();
  const before = tf.getBackend();
  try {
    return await work();
  } finally {
    await tf.setBackend(before);
  }
}

async function attempt(name: string, work: () => Promise<string>): Promise<Check> {
  try {
    return { name, works: true, detail: await work() };
  } catch (error) {
    return { name, works: false, detail: reasonOf(error) };
  }
}
