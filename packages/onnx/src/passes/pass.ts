import { ResonnxError, reasonOf } from "@resonnx/base";
import type { Graph } from "../ir/graph.ts";

/** A rewrite of a graph in place that keeps what it computes. */
export interface Pass {
  readonly name: string;
  /** How many changes it made. */
  run(graph: Graph): number;
}

export interface PassReport {
  readonly pass: string;
  readonly changes: number;
}

/** A pass opens work for another a few times at most; a graph that never settles is our bug. */
const MAX_ROUNDS = 50;

/** Runs the passes in turn until none of them changes anything. Throws `internal` naming the pass that failed or did not settle. */
export function optimize(graph: Graph, passes: readonly Pass[]): PassReport[] {
  const changes = passes.map(() => 0);
  let last: Pass | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    last = undefined;
    for (const [i, pass] of passes.entries()) {
      const made = runOne(graph, pass);
      changes[i]! += made;
      if (made > 0) last = pass;
    }
    if (!last) return passes.map(({ name }, i) => ({ pass: name, changes: changes[i]! }));
  }
  throw new ResonnxError("internal", {
    where: `${graph.name}: pass ${last?.name}`,
    what: `still changes the graph after ${MAX_ROUNDS} rounds`,
  });
}

function runOne(graph: Graph, pass: Pass): number {
  try {
    return pass.run(graph);
  } catch (error) {
    throw new ResonnxError("internal", {
      where: `${graph.name}: pass ${pass.name}`,
      what: `failed: ${reasonOf(error)}`,
      cause: error,
    });
  }
}
