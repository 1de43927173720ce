import type { LayerGraph } from "../source/layer-graph.ts";

/** The names of the layers that give the outputs; one used again gets `_1`, `_2`, past names of other inputs and outputs. */
export function outputNames({ inputs, outputs }: Pick<LayerGraph, "inputs" | "outputs">): string[] {
  const taken = new Set([...inputs, ...outputs].map(({ layer }) => layer));
  const used = new Set<string>();
  return outputs.map(({ layer }) => {
    let name = layer;
    for (let n = 1; used.has(name); n++) name = taken.has(`${layer}_${n}`) ? name : `${layer}_${n}`;
    used.add(name);
    return name;
  });
}
