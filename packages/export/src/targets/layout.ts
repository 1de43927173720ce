import { Builder, type Graph, type Shape } from "@resonnx/onnx";
import type { Layout } from "../options.ts";

/** To a layout from the other one: its axis i is axis `axes[i]` there. */
export const axesTo: { readonly [L in Layout]: readonly number[] } = { nchw: [0, 3, 1, 2], nhwc: [0, 2, 3, 1] };

/**
 * Inputs and outputs of rank 4 in the layout `to`, the other of the two that pictures come in; the graph in between stays as it
 * is. Changes the graph in place.
 */
export function turnPictures(graph: Graph, to: Layout): void {
  const b = new Builder(graph);
  const there = axesTo[to];
  const back = there.map((_, axis) => there.indexOf(axis));
  const turned = (shape: Shape): Shape => there.map((axis) => shape[axis]!);
  for (const input of [...graph.inputs])
    if (input.rank === 4)
      graph.replaceInput(input, { ...input.type, shape: turned(input.shape) }, (value) => b.transpose(value, back));
  for (const [i, { name, value }] of graph.outputs.entries())
    if (value.rank === 4) graph.outputs[i] = { name, value: b.transpose(value, there) };
}
