import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";

/** The names a graph gets in a file: its own labels where they are unique, else a label with a number. */
export interface Names {
  of(value: Value): string;
  ofNode(node: Node): string;
}

export function nameAll(graph: Graph, order: readonly Node[], constants: readonly Value[]): Names {
  const values = new Map<Value, string>();
  const nodes = new Map<Node, string>();
  const takenValues = new Set<string>();
  const takenNodes = new Set<string>();
  const take = (taken: Set<string>, wanted: string): string => {
    let name = wanted;
    for (let n = 1; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  };
  for (const input of graph.inputs) values.set(input, take(takenValues, input.name ?? "input"));
  // An output's name belongs to the value itself, so that no Identity node copies it. See `encode` for the exceptions.
  for (const { name, value } of graph.outputs) {
    takenValues.add(name);
    if (value.producer && !values.has(value)) values.set(value, name);
  }
  for (const constant of constants) values.set(constant, take(takenValues, constant.name ?? "constant"));
  for (const node of order) {
    const label = take(takenNodes, node.name ?? node.op);
    nodes.set(node, label);
    for (const [i, output] of node.outputs.entries()) {
      if (!values.has(output))
        values.set(output, take(takenValues, output.name ?? (i === 0 ? label : `${label}:${i}`)));
    }
  }
  return { of: (value) => values.get(value)!, ofNode: (node) => nodes.get(node)! };
}
