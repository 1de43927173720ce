import { Builder, encode, Graph, type StateSlot } from "@resonnx/onnx";
import type { Tensor } from "onnxruntime-common";
import { stretchesOf, wholesOf } from "./pieces.ts";
import type { Arrays } from "./protocol.ts";
import { type RunSession, type Runtime, type Tensors, zeros } from "./runtime.ts";
import type { StateStore } from "./state-store.ts";

type NamedTensors = ReadonlyMap<string, Tensor>;

/**
 * What a step gives is what the next one takes: buffers of the GPU, which stay there and are freed when they are
 * replaced; or arrays in main memory, where onnxruntime does not write into arrays that it is given (the web's wasm).
 */
export class FedBackState implements StateStore {
  readonly onGpu: boolean;
  readonly #runtime: Runtime;
  #current = new Map<string, Tensor>();
  /** Put what is still there of the arrays that were written on the GPU: a session takes the buffers it made with it. */
  #writer: RunSession | undefined;

  constructor(runtime: Runtime, place: "gpu" | "host") {
    this.#runtime = runtime;
    this.onGpu = place === "gpu";
  }

  async write(arrays: Arrays): Promise<void> {
    await this.release();
    const tensors = new Map(
      Object.entries(arrays).map(([name, { data, dims }]) => [name, this.#runtime.tensor(data, dims)] as const),
    );
    if (!this.onGpu) {
      this.#current = tensors;
      return;
    }
    const { session, copies } = await copied(this.#runtime, tensors, "gpu");
    this.#writer = session;
    this.#current = copies;
  }

  async read(): Promise<Arrays> {
    if (!this.onGpu) return arraysOf(this.#current, (data) => data.slice());
    const { session, copies } = await copied(this.#runtime, this.#current, "host");
    await session.release();
    return arraysOf(copies, (data) => data);
  }

  tensor(name: string): Tensor | undefined {
    return this.#current.get(name);
  }

  feeds(slots: readonly StateSlot[]): Record<string, Tensor> {
    return stretchesOf(this.#runtime, this.#current, slots, "input");
  }

  targets(slots: readonly StateSlot[]): Record<string, null> {
    for (const [name, { dims }] of wholesOf(slots))
      if (!this.#current.has(name)) this.#current.set(name, zeros(this.#runtime, dims));
    return Object.fromEntries(slots.map(({ output }) => [output, null]));
  }

  advance(slots: readonly StateSlot[], results: Tensors): void {
    for (const { input, output, piece } of slots) {
      const result = results[output]!;
      if (piece) {
        (this.#current.get(piece.of)!.data as Float32Array).set(result.data as Float32Array, piece.offset);
        continue;
      }
      this.#current.get(input)?.dispose();
      this.#current.set(input, result);
    }
  }

  discard(slots: readonly StateSlot[], results: Tensors): void {
    for (const { output } of slots) results[output]?.dispose();
  }

  async release(): Promise<void> {
    for (const tensor of this.#current.values()) tensor.dispose();
    this.#current.clear();
    await this.#writer?.release();
    this.#writer = undefined;
  }
}

const arraysOf = (tensors: NamedTensors, own: (data: Float32Array) => Float32Array): Arrays =>
  Object.fromEntries([...tensors].map(([name, { dims, data }]) => [name, { dims, data: own(data as Float32Array) }]));

interface Copies {
  readonly copies: Map<string, Tensor>;
  /** Made the copies. */
  readonly session: RunSession;
}

/**
 * All tensors moved to or from the GPU, by a graph that does nothing else: onnxruntime-web has `getData` for one way
 * only, and onnxruntime-node 1.30 ends the process when it is called.
 */
async function copied(runtime: Runtime, tensors: NamedTensors, to: "gpu" | "host"): Promise<Copies> {
  const graph = new Graph("copy");
  const b = new Builder(graph);
  const places = [...tensors].map(([name, tensor], i) => ({ name, tensor, from: `from ${i}`, to: `to ${i}` }));
  for (const { tensor, from, to } of places) {
    const input = graph.input(from, { dtype: "float32", shape: tensor.dims });
    graph.output(to, b.op("Identity", [input], {}));
  }
  const session = await runtime.create(encode(graph), to === "gpu" ? places.map((place) => place.to) : []);
  const results = await session.run(
    Object.fromEntries(places.map(({ from, tensor }) => [from, tensor])),
    Object.fromEntries(places.map(({ to }) => [to, null])),
  );
  return { copies: new Map(places.map(({ name, to }) => [name, results[to]!])), session };
}
