import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";
import type { Pass } from "./pass.ts";

/** Why a rewrite left a node as it is. */
export interface Skip {
  readonly skip: string;
}

export const skip = (reason: string): Skip => ({ skip: reason });

export interface Rewriter {
  readonly b: Builder;
  /** Whether one node input, or one graph output, is all that reads the value. */
  usedOnce(value: Value): boolean;
}

/** What a node's only output becomes, or why it stays. Emits nothing before it is sure. */
export type Rewrite<K extends OpName> = (node: Node<K>, rewriter: Rewriter) => Value | Skip;

/** Rewrites by the operator that they look at. */
export type Rewrites = { readonly [K in OpName]?: Rewrite<K> };

export function rewriterOf(graph: Graph): Rewriter {
  return {
    b: new Builder(graph),
    usedOnce: (value) => usesOf(graph, value) === 1,
  };
}

const usesOf = (graph: Graph, value: Value): number =>
  graph.outputs.filter((output) => output.value === value).length +
  [...value.users].reduce((uses, node) => uses + node.inputs.filter((input) => input === value).length, 0);

/** The origins of the node in whose place `heir` is, and of all nodes that nobody reads any more without it. */
function originsLeftBy(graph: Graph, node: Node, heir: Node): string[] {
  const gone = new Set<Node>([heir]); // its reading keeps nothing that the old node alone needed from counting as gone
  const outputs = new Set(graph.outputs.map(({ value }) => value));
  const origins = [...heir.origins];
  const leave = (dead: Node): void => {
    gone.add(dead);
    origins.unshift(...dead.origins);
    for (const input of dead.inputs) {
      const producer = input?.producer;
      if (!producer || gone.has(producer) || heir.inputs.includes(input)) continue;
      const unread = producer.outputs.every(
        (output) => !outputs.has(output) && [...output.users].every((user) => gone.has(user)),
      );
      if (unread) leave(producer);
    }
  };
  leave(node);
  return origins;
}

/** A pass that looks at one node at a time, dependencies first, and replaces its output where a rewrite says so. */
export function localPass(name: string, rewrites: Rewrites): Pass {
  return {
    name,
    run(graph) {
      const rewriter = rewriterOf(graph);
      let changes = 0;
      for (const node of graph.order()) {
        const rewrite = rewrites[node.op] as Rewrite<OpName> | undefined;
        if (!rewrite || usesOf(graph, node.output) === 0) continue; // left over by a change of this very sweep
        graph.origins = node.origins;
        const outcome = rewrite(node, rewriter);
        if (!(outcome instanceof Value)) continue;
        outcome.name ??= node.output.name;
        graph.replaceAllUses(node.output, outcome);
        if (outcome.producer) outcome.producer.origins = [...new Set(originsLeftBy(graph, node, outcome.producer))];
        changes++;
      }
      if (changes > 0) graph.removeDead();
      return changes;
    },
  };
}
