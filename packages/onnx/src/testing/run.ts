import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Graph } from "../ir/graph.ts";
import type { TensorOf } from "../ir/tensor.ts";
import { DEFAULT_OPSET, encode } from "../proto/encode.ts";

/** Runs a graph on onnxruntime's CPU provider: the independent reference of this package's tests. */
export async function run(
  graph: Graph,
  inputs: Readonly<Record<string, TensorOf<"float32">>>,
  opset = DEFAULT_OPSET,
): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(encode(graph, { opset }), {
    logSeverityLevel: 3,
    graphOptimizationLevel: "basic",
  });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [name, new Tensor("float32", data, dims)]),
  );
  const outputs = await session.run(feeds);
  await session.release();
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.data as Float32Array]));
}

/** The largest absolute difference; NaN when anything is NaN or lengths differ. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}
