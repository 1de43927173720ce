import { Builder, encode, Graph, type StateSlot } from "@resonnx/onnx";
import type { InferenceSession, Tensor } from "onnxruntime-common";
import type { Arrays } from "./protocol.ts";
import { type Runtime, zeros } from "./runtime.ts";
import type { StateStore } from "./state-store.ts";

type Tensors = ReadonlyMap<string, Tensor>;

/** State in buffers of the GPU: what a step gives is what the next one takes, and what it replaces is freed. */
export class GpuState implements StateStore {
  readonly onGpu = true;
  readonly #runtime: Runtime;
  #current = new Map<string, Tensor>();
  /** Wrote what is still there of the arrays that were written: a session takes the buffers it made with it. */
  #writer: InferenceSession | undefined;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  async write(arrays: Arrays): Promise<void> {
    await this.release();
    const tensors = Object.entries(arrays).map(
      ([name, { data, dims }]) => [name, this.#runtime.tensor(data, dims)] as const,
    );
    const { session, copies } = await copied(this.#runtime, new Map(tensors), "gpu");
    this.#writer = session;
    this.#current = copies;
  }

  async read(): Promise<Arrays> {
    const { session, copies } = await copied(this.#runtime, this.#current, "host");
    await session.release();
    const arrays = [...copies].map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }] as const);
    return Object.fromEntries(arrays);
  }

  tensor(name: string): Tensor | undefined {
    return this.#current.get(name);
  }

  targets(slots: readonly StateSlot[]): Record<string, null> {
    for (const { input, dims } of slots)
      if (!this.#current.has(input)) this.#current.set(input, zeros(this.#runtime, dims)); // goes to the GPU as an input, once
    return Object.fromEntries(slots.map(({ output }) => [output, null]));
  }

  advance(slots: readonly StateSlot[], results: InferenceSession.ReturnType): void {
    for (const { input, output } of slots) {
      this.#current.get(input)?.dispose();
      this.#current.set(input, results[output] as Tensor); // an output of a step is a tensor, never a sequence or map
    }
  }

  async release(): Promise<void> {
    for (const tensor of this.#current.values()) tensor.dispose();
    this.#current.clear();
    await this.#writer?.release();
    this.#writer = undefined;
  }
}

interface Copies {
  readonly copies: Map<string, Tensor>;
  /** Made the copies. */
  readonly session: InferenceSession;
}

/**
 * All tensors moved to or from the GPU, by a graph that does nothing else: onnxruntime-web has `getData` for one way
 * only, and onnxruntime-node 1.30 ends the process when it is called.
 */
async function copied(runtime: Runtime, tensors: Tensors, to: "gpu" | "host"): Promise<Copies> {
  const graph = new Graph("copy");
  const b = new Builder(graph);
  const places = [...tensors].map(([name, tensor], i) => ({ name, tensor, from: `from ${i}`, to: `to ${i}` }));
  for (const { tensor, from, to } of places) {
    const input = graph.input(from, { dtype: "float32", shape: tensor.dims });
    graph.output(to, b.op("Identity", [input], {}));
  }
  const session = await runtime.create(encode(graph), to === "gpu" ? places.map((place) => place.to) : []);
  const results = await session.run(Object.fromEntries(places.map(({ from, tensor }) => [from, tensor])));
  return { copies: new Map(places.map(({ name, to }) => [name, results[to] as Tensor])), session };
}
