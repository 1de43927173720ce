import type { StateSlot } from "@resonnx/onnx";
import type { Tensor } from "onnxruntime-common";
import { stretchesOf, wholesOf } from "./pieces.ts";
import type { Arrays } from "./protocol.ts";
import { type Runtime, zeros } from "./runtime.ts";
import type { StateStore } from "./state-store.ts";

/**
 * State in main memory, in two sets of arrays: a step reads one and writes the other, then they change places; nothing
 * is copied. What may be written in place (see StateSlot) lies in both sets at once.
 */
export class HostState implements StateStore {
  readonly onGpu = false;
  readonly #runtime: Runtime;
  #current = new Map<string, Tensor>();
  #spare = new Map<string, Tensor>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  async write(arrays: Arrays): Promise<void> {
    const tensors = Object.entries(arrays).map(
      ([name, { data, dims }]) => [name, this.#runtime.tensor(data, dims)] as const,
    );
    this.#current = new Map(tensors);
    this.#spare = new Map();
  }

  async read(): Promise<Arrays> {
    const copies = [...this.#current].map(
      ([name, { dims, data }]) => [name, { dims, data: (data as Float32Array).slice() }] as const,
    );
    return Object.fromEntries(copies);
  }

  tensor(name: string): Tensor | undefined {
    return this.#current.get(name);
  }

  feeds(slots: readonly StateSlot[]): Record<string, Tensor> {
    return stretchesOf(this.#runtime, this.#current, slots, "input");
  }

  targets(slots: readonly StateSlot[]): Record<string, Tensor> {
    const targets = new Map<string, Tensor>();
    for (const [name, { dims, inPlace }] of wholesOf(slots)) {
      if (!this.#current.has(name)) this.#current.set(name, zeros(this.#runtime, dims));
      targets.set(name, this.#target(name, dims, inPlace));
    }
    return stretchesOf(this.#runtime, targets, slots, "output");
  }

  /** What the run wrote is what `targets` gave: its own results are not looked at. */
  advance(slots: readonly StateSlot[]): void {
    for (const [name, { dims, inPlace }] of wholesOf(slots)) {
      const next = this.#target(name, dims, inPlace);
      this.#spare.set(name, this.#current.get(name)!);
      this.#current.set(name, next);
    }
  }

  /** The next run writes over it. */
  discard(): void {}

  async release(): Promise<void> {
    this.#current.clear();
    this.#spare.clear();
  }

  #target(name: string, dims: readonly number[], inPlace: boolean): Tensor {
    const current = this.#current.get(name)!;
    if (inPlace) return current;
    const known = this.#spare.get(name);
    if (known && known !== current) return known; // another graph may have written in place what this one can't
    const made = zeros(this.#runtime, dims);
    this.#spare.set(name, made);
    return made;
  }
}
