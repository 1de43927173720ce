import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { Tensor } from "../ir/tensor.ts";
import { sizeOf } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { Pass } from "./pass.ts";

/** Larger constants are compared as objects: weights that are shared are one object already. */
const MAX_COMPARED = 256;

/** Nodes that compute the same from the same become one. */
export const mergeDuplicates: Pass = {
  name: "mergeDuplicates",
  run(graph) {
    const labels = new Labels();
    const first = new Map<string, Node>();
    let changes = 0;
    for (const node of graph.order()) {
      const key = keyOf(node, labels);
      const known = first.get(key);
      if (!known) first.set(key, node);
      else {
        merge(graph, node, known);
        changes++;
      }
    }
    if (changes > 0) graph.removeDead();
    return changes;
  },
};

function merge(graph: Graph, node: Node, into: Node): void {
  for (const [i, output] of node.outputs.entries()) graph.replaceAllUses(output, into.outputs[i]!);
  into.origins = [...new Set([...into.origins, ...node.origins])];
}

const keyOf = (node: Node, labels: Labels): string => {
  const attrs = Object.entries(node.attrs).filter(([, value]) => value !== undefined);
  attrs.sort(([a], [b]) => (a < b ? -1 : 1));
  return [node.op, JSON.stringify(attrs), node.outputs.length, ...node.inputs.map((input) => labels.of(input))].join(
    "|",
  );
};

/** One text for what is one value: by identity, small constants by what they hold. */
class Labels {
  private readonly ids = new Map<Value | Tensor, number>();

  of(value: Value | undefined): string {
    const constant = value?.constant;
    if (!constant) return value ? `v${this.id(value)}` : "-";
    if (constant.dtype === "string" || sizeOf(constant.dims) > MAX_COMPARED) return `t${this.id(constant)}`;
    return `${constant.dtype}[${constant.dims}]${constant.data}`;
  }

  private id(of: Value | Tensor): number {
    const known = this.ids.get(of) ?? this.ids.size;
    this.ids.set(of, known);
    return known;
  }
}
