import type { LayerGraph } from "../source/layer-graph.ts";

/** The names of the layers that give the outputs; one used again gets `_1`, `_2`, past names of other inputs and outputs. */
export function outputNames({ inputs, outputLayers }: Pick<LayerGraph, "inputs" | "outputLayers">): string[] {
  const taken = new Set([...inputs.map(({ layer }) => layer), ...outputLayers]);
  const used = new Set<string>();
  return outputLayers.map((layer) => {
    let name = layer;
    for (let n = 1; used.has(name); n++) name = taken.has(`${layer}_${n}`) ? name : `${layer}_${n}`;
    used.add(name);
    return name;
  });
}
