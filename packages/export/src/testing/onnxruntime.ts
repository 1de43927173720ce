import { encode, type Graph } from "@resonnx/onnx";
import type * as tf from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect } from "vitest";

/** float32 sums of a few hundred terms, in another order. */
export const TOLERANCE = 1e-5;

export type Arrays = Readonly<Record<string, { readonly dims: readonly number[]; readonly data: ArrayLike<number> }>>;

/** Inputs by name, or by position. */
export type Feeds = Readonly<Record<string, tf.Tensor>> | readonly tf.Tensor[];

/** What onnxruntime's CPU provider computes, without its own graph optimizations. */
export async function runOnnx(bytes: Uint8Array, feeds: Feeds): Promise<Arrays> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3, graphOptimizationLevel: "disabled" });
  const named = Array.isArray(feeds)
    ? feeds.map((value, i) => [session.inputNames[i]!, value] as const)
    : Object.entries(feeds);
  const tensors = named.map(([name, value]) => [name, toOnnx(value)] as const);
  const outputs = await session.run(Object.fromEntries(tensors));
  const names = session.outputNames;
  const arrays = names.map((name) => [name, { dims: outputs[name]!.dims, data: outputs[name]!.data as Float32Array }]);
  await session.release();
  return Object.fromEntries(arrays);
}

export const runGraph = (graph: Graph, feeds: Feeds): Promise<Arrays> => runOnnx(encode(graph), feeds);

function toOnnx(value: tf.Tensor): Tensor {
  const data = value.dataSync();
  if (value.dtype === "int32") return new Tensor("int32", Int32Array.from(data), value.shape);
  if (value.dtype === "bool") return new Tensor("bool", Uint8Array.from(data), value.shape);
  return new Tensor("float32", Float32Array.from(data), value.shape);
}

/** Equal shapes, and elements within `tolerance` (absolute for small values, relative for large ones). */
export function expectClose(got: Arrays[string] | undefined, wanted: tf.Tensor, tolerance = TOLERANCE): void {
  expect(got?.dims).toEqual(wanted.shape);
  const data = wanted.dataSync();
  let worst = 0;
  for (let i = 0; i < data.length; i++)
    worst = Math.max(worst, Math.abs(got!.data[i]! - data[i]!) / Math.max(1, Math.abs(data[i]!)));
  expect(worst).toBeLessThan(tolerance);
}
