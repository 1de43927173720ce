import { Builder, encode, Graph, type StateSlot } from "@resonnx/onnx";
import type { InferenceSession, Tensor } from "onnxruntime-common";
import type { Arrays } from "./protocol.ts";
import { type Runtime, zeros } from "./runtime.ts";
import type { StateStore } from "./state-store.ts";

type Tensors = Readonly<Record<string, Tensor>>;

/** State in buffers of the GPU: what a step gives is what the next one takes, and what it replaces is freed. */
export class GpuState implements StateStore {
  readonly onGpu = true;
  readonly #runtime: Runtime;
  #current = new Map<string, Tensor>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  async write(arrays: Arrays): Promise<void> {
    const onHost = Object.entries(arrays).map(
      ([name, { data, dims }]) => [name, this.#runtime.tensor(data, dims)] as const,
    );
    const onGpu = await copied(this.#runtime, Object.fromEntries(onHost), "gpu");
    await this.release();
    this.#current = new Map(Object.entries(onGpu));
  }

  async read(): Promise<Arrays> {
    const copies = await copied(this.#runtime, Object.fromEntries(this.#current), "host");
    const arrays = Object.entries(copies).map(
      ([name, { dims, data }]) => [name, { dims, data: data as Float32Array }] as const,
    );
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
  }
}

/**
 * All tensors moved to or from the GPU, by a graph that does nothing else: onnxruntime-web has `getData` for one way
 * only, and onnxruntime-node 1.30 ends the process when it is called.
 */
async function copied(runtime: Runtime, tensors: Tensors, to: "gpu" | "host"): Promise<Tensors> {
  const graph = new Graph("copy");
  const b = new Builder(graph);
  const names = Object.keys(tensors);
  for (const [i, name] of names.entries()) {
    const input = graph.input(`from ${i}`, { dtype: "float32", shape: tensors[name]!.dims });
    graph.output(`to ${i}`, b.op("Identity", [input], {}));
  }
  const outputs = names.map((_, i) => `to ${i}`);
  const session = await runtime.create(encode(graph), to === "gpu" ? outputs : []);
  try {
    const feeds = Object.fromEntries(names.map((name, i) => [`from ${i}`, tensors[name]!]));
    const results = await session.run(feeds);
    return Object.fromEntries(names.map((name, i) => [name, results[`to ${i}`] as Tensor]));
  } finally {
    await session.release();
  }
}
