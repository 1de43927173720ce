import { throwIfAborted } from "@resonnx/base";
import type { Case, ParityResult } from "@resonnx/parity";
import { BACKEND_NAMES, type BackendName } from "../backends/names.ts";
import type { Io } from "../terminal/io.ts";
import type { ParityModel } from "./parity-model.ts";

export interface ParityJob extends ParityModel {
  readonly cases: readonly Case[];
  /** Which backends; all but the reference when not given. */
  readonly names: readonly BackendName[] | undefined;
}

/** Compares the backends with the source model on tfjs or, where only the file is known, with onnxruntime on the CPU. */
export async function runParity(job: ParityJob, io: Io, signal: AbortSignal): Promise<ParityResult> {
  const { checkParity } = await import("@resonnx/parity");
  const { backends } = await import("../backends/index.ts");
  const { bytes, loadArtifacts, cases } = job;
  const source = loadArtifacts ? { loadArtifacts } : {};
  const reference: BackendName = loadArtifacts ? "tfjs" : "ort-node-cpu";
  const names = job.names ?? BACKEND_NAMES.filter((name) => name !== reference);
  let current = "";
  const parityResult = await checkParity({
    model: bytes,
    cases,
    reference: backends[reference](source),
    backends: names.map((name) => backends[name](source)),
    nodeReference: backends["ort-node-cpu"](source), // tfjs runs the source, not the file's nodes
    signal,
    onProgress: ({ backend, done, total }) => {
      if (io.interactive) io.status(`${backend}: ${done} of ${total}`);
      else if (backend !== current) io.err(`running ${backend}`);
      current = backend;
    },
  });
  throwIfAborted(signal, "parity"); // Ctrl-C reaches backends in child processes too, which then seem to differ
  return parityResult;
}
