import type * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { artifactsOf, exportModel, forward } from "../index.ts";
import { expectClose, runGraph, runOnnx } from "./onnxruntime.ts";
import { chain, randomTensor } from "./tiny.ts";

/** An input shape without batch, null where unknown, and the layers that follow the input. */
export type PathCase = readonly [readonly (number | null)[], ...tf.layers.Layer[]];

/** What unknown sizes are tried with: an even and an odd one. */
const UNKNOWN_SIZES = [6, 7];

/** onnxruntime gives what tfjs' own `predict` gives: for the graph as the rules write it, and for the file after all passes. */
export function testLikeTfjs(cases: Readonly<Record<string, PathCase>>): void {
  test.each(Object.entries(cases))("%s", async (_name, [shape, ...path]) => {
    const model = chain(shape, ...path);
    const artifacts = await artifactsOf(model);
    const { graph, outputs } = forward(artifacts, { training: false, weights: "constants" });
    expect(outputs.map(({ name }) => name)).toEqual([path.at(-1)!.name]);
    const { bytes } = await exportModel(artifacts);
    for (const size of shape.includes(null) ? UNKNOWN_SIZES : [0]) {
      const x = randomTensor([2, ...shape.map((dim) => dim ?? size)]);
      const wanted = model.predict(x) as tf.Tensor;
      expectClose((await runGraph(graph, [x]))[path.at(-1)!.name], wanted);
      expectClose((await runOnnx(bytes, [x]))[path.at(-1)!.name], wanted);
    }
  });
}
