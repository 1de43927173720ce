import type { StateSlot } from "@resonnx/onnx";
import type { Tensor } from "onnxruntime-common";
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

  targets(slots: readonly StateSlot[]): Record<string, Tensor> {
    for (const { input, dims } of slots)
      if (!this.#current.has(input)) this.#current.set(input, zeros(this.#runtime, dims));
    return Object.fromEntries(slots.map((slot) => [slot.output, this.#target(slot)]));
  }

  /** What the run wrote is what `targets` gave: its own results are not looked at. */
  advance(slots: readonly StateSlot[]): void {
    for (const slot of slots) {
      const next = this.#target(slot);
      this.#spare.set(slot.input, this.#current.get(slot.input)!);
      this.#current.set(slot.input, next);
    }
  }

  /** The next run writes over it. */
  discard(): void {}

  async release(): Promise<void> {
    this.#current.clear();
    this.#spare.clear();
  }

  #target({ input, dims, inPlace }: StateSlot): Tensor {
    const current = this.#current.get(input)!;
    if (inPlace) return current;
    const known = this.#spare.get(input);
    if (known && known !== current) return known; // another graph may have written in place what this one can't
    const made = zeros(this.#runtime, dims);
    this.#spare.set(input, made);
    return made;
  }
}
