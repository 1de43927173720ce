import type { TensorRef } from "../source/layer-graph.ts";

/** The names of the layers that give the outputs; one used again gets `_1`, `_2`. */
export function outputNames(outputs: readonly TensorRef[]): string[] {
  const taken = new Set(outputs.map(({ layer }) => layer));
  const used = new Set<string>();
  return outputs.map(({ layer }) => {
    let name = layer;
    for (let n = 1; used.has(name); n++) name = taken.has(`${layer}_${n}`) ? name : `${layer}_${n}`;
    used.add(name);
    return name;
  });
}
