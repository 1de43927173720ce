import { ResonnxError, throwIfAborted } from "@resonnx/base";
import { decode, type Graph } from "@resonnx/onnx";
import type { Layout, RunTensors } from "../options.ts";
import { compareOutput, type OutputDifference, type Tolerance } from "./compare.ts";
import { type RunInputs, randomInputs } from "./inputs.ts";
import { turnTensors } from "./turn.ts";

/** Runs a model on inputs under the names that the exported file gives them. */
export type RunModel = (inputs: RunInputs) => Promise<RunTensors>;

export interface VerifyOptions extends Tolerance {
  /** The source: tfjs, Keras. */
  readonly runSource: RunModel;
  /** Set when the file's pictures lie in another layout than the source's: what `runSource` takes and gives. */
  readonly sourceLayout?: Layout | undefined;
  /** The exported file, in a runtime. */
  readonly runExported: RunModel;
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Runs, each on other inputs. Default 3. */
  readonly rounds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Verification {
  readonly ok: boolean;
  readonly rounds: number;
  readonly seed: number;
  /** Of all rounds, each output's worst. */
  readonly outputs: readonly OutputDifference[];
}

/**
 * Compares a source with the file that was exported from it on generated inputs, fitting what the file says about its inputs.
 * Throws `unsupported` for inputs that can't be generated (strings), what the two runs throw, and `aborted` by the signal.
 */
export async function verifyExport(bytes: Uint8Array, options: VerifyOptions): Promise<Verification> {
  const { runSource, runExported, sourceLayout, seed = 1, rounds = 3, signal } = options;
  const exportedLayout = sourceLayout === "nhwc" ? "nchw" : "nhwc";
  const graph = decode(bytes);
  const worst = new Map<string, OutputDifference>();
  for (let round = 0; round < rounds; round++) {
    throwIfAborted(signal, "verify");
    const inputs = inputsOf(graph, seed + round);
    const wanted = sourceLayout
      ? turnTensors(await runSource(turnTensors(inputs, sourceLayout)), exportedLayout)
      : await runSource(inputs);
    const got = await runExported(inputs);
    for (const { name } of graph.outputs) {
      const found = compareOutput(name, got[name], wanted[name], options);
      const before = worst.get(name);
      if (!before || rank(found) > rank(before)) worst.set(name, found);
    }
  }
  const outputs = [...worst.values()];
  return { ok: outputs.every((output) => rank(output) <= 1), rounds, seed, outputs };
}

const rank = ({ worst }: OutputDifference): number => worst ?? Number.POSITIVE_INFINITY;

function inputsOf(graph: Graph, seed: number): RunInputs {
  const inputs = randomInputs(graph, seed);
  if (inputs) return inputs;
  const types = graph.inputs.map(({ name, type }) => `${name}: ${type.dtype}`).join(", ");
  throw new ResonnxError("unsupported", { where: "verify", what: "inputs that can't be generated", got: types });
}
