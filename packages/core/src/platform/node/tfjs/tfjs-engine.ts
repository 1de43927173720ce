import util from "node:util";
import { ResonnxError, reasonOf } from "@resonnx/base";
import * as tf from "@tensorflow/tfjs";
import type { Device, Engine, EngineName, TrainingJob, TrainingSession } from "../../../engines/engine.ts";
import { TfjsSession } from "../../../engines/tfjs/session.ts";

export type TfjsEngineName = Exclude<EngineName, "onnx">;

interface Package {
  readonly backend: "tensorflow" | "cpu";
  readonly device: Device;
  /** Registers the backend with the tfjs that this package uses. */
  readonly load: () => Promise<unknown>;
}

const PACKAGES: { readonly [N in TfjsEngineName]: Package } = {
  "tfjs-node-gpu": { backend: "tensorflow", device: "cuda", load: () => import("@tensorflow/tfjs-node-gpu") },
  "tfjs-node": { backend: "tensorflow", device: "cpu", load: () => import("@tensorflow/tfjs-node") },
  tfjs: { backend: "cpu", device: "cpu", load: async () => undefined },
};

/** Trains with tfjs on one of its backends, in this thread; the backend is loaded when the engine is made. */
class TfjsEngine implements Engine {
  readonly name: TfjsEngineName;
  readonly reason: string;

  constructor(name: TfjsEngineName, reason: string) {
    this.name = name;
    this.reason = reason;
  }

  get device(): Device {
    return PACKAGES[this.name].device;
  }

  async open(job: TrainingJob): Promise<TrainingSession> {
    await tf.setBackend(PACKAGES[this.name].backend);
    return TfjsSession.open(job);
  }
}

/** The tfjs engine of that name. Throws `unavailable`, with the reason, when its package doesn't load or finds no GPU. */
export async function tfjsEngine(name: TfjsEngineName, reason: string): Promise<Engine> {
  const { backend, device, load } = PACKAGES[name];
  restoreIsNullOrUndefined();
  try {
    await load();
  } catch (cause) {
    forget(backend);
    // tfjs-node's own text is a page of advice; its first line says what is missing.
    const got = reasonOf(cause).trim().split("\n")[0];
    throw unavailable(name, { what: `@tensorflow/${name} does not load`, ...(got && { got }), cause });
  }
  if (!(await tf.setBackend(backend))) {
    throw unavailable(name, { what: `@tensorflow/${name} has registered no backend here` });
  }
  if (device === "cuda" && !usesGpu()) {
    forget(backend);
    throw unavailable(name, { what: "TensorFlow sees no GPU" });
  }
  return new TfjsEngine(name, reason);
}

/** tfjs-node 4.22 calls this function, which Node 23 removed. */
function restoreIsNullOrUndefined(): void {
  if ("isNullOrUndefined" in util) return;
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
}

/** The packages register their kernels before they fail; the next one would warn of each. */
function forget(backend: Package["backend"]): void {
  for (const { kernelName } of tf.getKernelsForBackend(backend)) tf.unregisterKernel(kernelName, backend);
  if (tf.findBackend(backend)) tf.removeBackend(backend);
}

function usesGpu(): boolean {
  const backend: object = tf.backend();
  return "isUsingGpuDevice" in backend && backend.isUsingGpuDevice === true;
}

function unavailable(name: TfjsEngineName, facts: { what: string; got?: string; cause?: unknown }): ResonnxError {
  const hint = "use --engine onnx, which needs nothing installed";
  return new ResonnxError("unavailable", { where: `engine ${name}`, ...facts, hint });
}
