import type { Pass } from "../passes/pass.ts";

/**
 * An Identity of a weight -> a weight of its own: writers keep equal arrays once (zeros of fresh biases) and copy them to the
 * names that they had; in training these go different ways.
 */
export const unsharedWeights: Pass = {
  name: "unsharedWeights",
  run(graph) {
    const copies = [...graph.nodes].filter((node) => node.is("Identity") && node.inputs[0]?.constant);
    for (const { inputs, output } of copies)
      graph.replaceAllUses(output, graph.constant(inputs[0]!.constant!, output.name));
    return copies.length === 0 ? 0 : graph.removeDead();
  },
};
