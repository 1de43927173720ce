import type { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import { isStatic } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { cutsOf } from "./cuts.ts";

/**
 * Gradient checkpointing (Chen et al. 2016, "Training deep nets with sublinear memory cost"): the backward pass, which is
 * all of `graph` but `forward`, reads what it needs of the forward pass from copies of forward nodes. Those begin at the
 * few values that are kept, and run right before they are read. What comes behind the last cut is read as it is.
 *
 * `forward`: the nodes of the forward pass, dependencies first. The copies are the same operators on the same numbers, so
 * results stay the same to the bit.
 */
export function recompute(graph: Graph, forward: readonly Node[]): void {
  const { kept, before } = cutsOf(forward);
  const first = new Set(forward);
  const backward = [...graph.nodes].filter((node) => !first.has(node));
  const { origins } = graph;
  const again = new Map<Value, Value>();
  const read = (input: Value | undefined): Value | undefined => (input && again.get(input)) ?? input;
  // Under another name: what lowering derives of these (windows, tiles) is not kept with them.
  for (const value of [...graph.inputs, ...kept]) again.set(value, graph.op("Identity", [value], {}));
  for (const node of before) {
    if (node.outputs.some((output) => again.has(output))) continue;
    graph.origins = node.origins;
    const { outputs } = graph.append(node.op, node.inputs.map(read), node.attrs, { outputs: node.outputs.length });
    for (const [i, output] of node.outputs.entries()) again.set(output, outputs[i]!);
  }
  graph.origins = origins;
  for (const node of backward) graph.setInputs(node, node.inputs.map(read));
}

/**
 * Writes the names that `recompute` gave as reshapes to the same shape: onnxruntime takes an Identity out, and would then
 * merge all copies with what they copy; a reshape it leaves, and makes no array for it.
 */
export function keepApart(b: Builder): void {
  const { graph } = b;
  for (const node of graph.order()) {
    const [value] = node.inputs;
    if (node.is("Identity") && value && isStatic(value.shape))
      graph.replaceAllUses(node.output, b.op("Reshape", [value, b.ints(value.shape)], {}));
  }
}
