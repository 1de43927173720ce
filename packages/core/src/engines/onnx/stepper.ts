import { ResonnxError } from "@resonnx/base";
import type { StateSlot } from "@resonnx/onnx";
import type { InferenceSession, Tensor } from "onnxruntime-common";
import type { Arrays } from "./protocol.ts";

interface Program {
  readonly session: InferenceSession;
  readonly state: readonly StateSlot[];
}

/**
 * The onnxruntime that a Stepper runs on. The Tensor class must be that package's own: one from another copy of
 * onnxruntime-common passes as an input, but is ignored without a word as a preallocated output.
 */
export interface Runtime {
  create(bytes: Uint8Array): Promise<InferenceSession>;
  tensor(data: Float32Array, dims: readonly number[]): Tensor;
}

/**
 * Runs step and inference graphs over one state, on whichever onnxruntime makes its sessions. The state lies in two
 * sets of arrays: a step reads one and writes the other, then they change places; nothing is copied. What may be written
 * in place (see StateSlot) lies in both sets at once.
 */
export class Stepper {
  readonly #runtime: Runtime;
  readonly #programs = new Map<string, Program>();
  #current = new Map<string, Tensor>();
  #spare = new Map<string, Tensor>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  async load(name: string, bytes: Uint8Array, state: readonly StateSlot[]): Promise<void> {
    this.#programs.set(name, { session: await this.#runtime.create(bytes), state });
  }

  write(arrays: Arrays): void {
    this.#current = new Map(Object.entries(arrays).map(([name, array]) => [name, this.#tensor(array)]));
    this.#spare = new Map();
  }

  /** Copies of the state's arrays. */
  read(): Arrays {
    const copies = [...this.#current].map(
      ([name, { dims, data }]) => [name, { dims, data: (data as Float32Array).slice() }] as const,
    );
    return Object.fromEntries(copies);
  }

  async run(name: string, inputs: Arrays, outputs: readonly string[]): Promise<Arrays> {
    const program = this.#programs.get(name);
    if (!program)
      throw new ResonnxError("internal", {
        where: "training",
        what: "a graph was run before it was loaded",
        got: name,
      });
    const { session, state } = program;
    for (const { input, dims } of state) if (!this.#current.has(input)) this.#current.set(input, this.#zeros(dims)); // an optimizer's arrays at the start
    const feeds: Record<string, Tensor> = {};
    for (const input of session.inputNames) {
      const array = inputs[input];
      feeds[input] = array ? this.#tensor(array) : this.#stateOf(input);
    }
    const fetches: Record<string, Tensor | null> = {};
    for (const output of outputs) fetches[output] = null;
    const next = state.map((slot) => this.#spareFor(slot));
    for (const [i, { output }] of state.entries()) fetches[output] = next[i]!;
    const results = await session.run(feeds, fetches);
    for (const [i, { input }] of state.entries()) {
      this.#spare.set(input, this.#current.get(input)!);
      this.#current.set(input, next[i]!);
    }
    return Object.fromEntries(
      outputs.map((output) => [output, { dims: results[output]!.dims, data: results[output]!.data as Float32Array }]),
    );
  }

  async release(): Promise<void> {
    for (const { session } of this.#programs.values()) await session.release();
    this.#programs.clear();
  }

  #zeros(dims: readonly number[]): Tensor {
    return this.#tensor({ dims, data: new Float32Array(dims.reduce((size, dim) => size * dim, 1)) });
  }

  #tensor({ dims, data }: Arrays[string]): Tensor {
    return this.#runtime.tensor(data, dims);
  }

  #stateOf(input: string): Tensor {
    const tensor = this.#current.get(input);
    if (!tensor)
      throw new ResonnxError("internal", {
        where: "training",
        what: "a graph reads an input that is neither given nor state",
        got: input,
      });
    return tensor;
  }

  #spareFor({ input, dims, inPlace }: StateSlot): Tensor {
    if (inPlace) return this.#stateOf(input);
    const known = this.#spare.get(input);
    if (known) return known;
    const made = this.#zeros(dims);
    this.#spare.set(input, made);
    return made;
  }
}
