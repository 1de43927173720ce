import { ResonnxError } from "@resonnx/base";
import type { StateSlot } from "@resonnx/onnx";
import type { Tensor } from "onnxruntime-common";
import type { Arrays, Command } from "./protocol.ts";
import type { Fetches, RunSession, Runtime } from "./runtime.ts";
import type { StateStore } from "./state-store.ts";

interface Program {
  readonly session: RunSession;
  readonly state: readonly StateSlot[];
}

/** Runs step and inference graphs over one state, on whichever onnxruntime makes its sessions. */
export class Stepper {
  readonly #runtime: Runtime;
  readonly #state: StateStore;
  readonly #programs = new Map<string, Program>();

  constructor(runtime: Runtime, state: StateStore) {
    this.#runtime = runtime;
    this.#state = state;
  }

  async load(name: string, bytes: Uint8Array, state: readonly StateSlot[]): Promise<void> {
    const onGpu = this.#state.onGpu ? state.map(({ output }) => output) : [];
    this.#programs.set(name, { session: await this.#runtime.create(bytes, onGpu), state });
  }

  async unload(name: string): Promise<void> {
    await this.#programs.get(name)?.session.release();
    this.#programs.delete(name);
  }

  write(arrays: Arrays): Promise<void> {
    return this.#state.write(arrays);
  }

  /** Copies of the state's arrays. */
  read(): Promise<Arrays> {
    return this.#state.read();
  }

  async run({ program: name, inputs, outputs, onlyIf }: Extract<Command, { do: "run" }>): Promise<Arrays> {
    const program = this.#programs.get(name);
    if (!program) throw internal("a graph was run before it was loaded", name);
    const { session, state } = program;
    const fetches: Fetches = {
      ...this.#state.targets(state),
      ...Object.fromEntries(outputs.map((output) => [output, null])),
    };
    const feeds: Record<string, Tensor> = { ...this.#state.feeds(state) };
    for (const input of session.inputNames) feeds[input] ??= this.#input(input, inputs);
    const results = await session.run(feeds, fetches);
    const good = onlyIf === undefined || (results[onlyIf]!.data as Float32Array).every(Number.isFinite);
    this.#state[good ? "advance" : "discard"](state, results);
    return Object.fromEntries(
      outputs.map((output) => [output, { dims: results[output]!.dims, data: results[output]!.data as Float32Array }]),
    );
  }

  async release(): Promise<void> {
    await this.#state.release();
    for (const { session } of this.#programs.values()) await session.release();
    this.#programs.clear();
  }

  #input(name: string, inputs: Arrays): Tensor {
    const given = inputs[name];
    const tensor = given ? this.#runtime.tensor(given.data, given.dims) : this.#state.tensor(name);
    if (!tensor) throw internal("a graph reads an input that is neither given nor state", name);
    return tensor;
  }
}

const internal = (what: string, got: string): ResonnxError =>
  new ResonnxError("internal", { where: "training", what, got });
