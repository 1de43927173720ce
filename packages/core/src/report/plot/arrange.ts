import { graphlib, layout } from "@dagrejs/dagre";
import { type BoxSize, sizeOf } from "./box-size.ts";
import type { Box, Diagram, Frame } from "./diagram.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where something lies: the middle of a rectangle. */
export interface Placed extends Point {
  readonly width: number;
  readonly height: number;
}

/** A diagram with a place for everything, in pixels from the upper left corner. */
export interface Arrangement {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly { readonly box: Box; readonly size: BoxSize; readonly at: Placed }[];
  /** Outer ones first. */
  readonly frames: readonly { readonly frame: Frame; readonly at: Placed }[];
  readonly edges: readonly (readonly Point[])[];
}

const MARGIN = 16;
/** Above this many boxes the layout takes the faster of dagre's rankings, which places a chain just as well. */
const MANY = 300;

/** Layers of boxes from the top down, with few crossings (Gansner et al. 1993, as dagre does it). */
export function arrange({ boxes, frames, edges }: Diagram): Arrangement {
  const graph = new graphlib.Graph({ compound: true });
  const ranker = boxes.length > MANY ? "longest-path" : "network-simplex";
  graph.setGraph({ rankdir: "TB", nodesep: 24, ranksep: 28, marginx: MARGIN, marginy: MARGIN, ranker });
  graph.setDefaultEdgeLabel(() => ({}));
  const sizes = new Map(boxes.map((box) => [box.id, sizeOf(box)]));
  for (const { id } of frames) graph.setNode(id, {});
  for (const [id, { width, height }] of sizes) graph.setNode(id, { width, height });
  for (const { id, frame } of [...frames, ...boxes]) if (frame !== undefined) graph.setParent(id, frame);
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const placed = (id: string): Placed => {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id);
    return { x, y, width, height };
  };
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    boxes: boxes.map((box) => ({ box, size: sizes.get(box.id)!, at: placed(box.id) })),
    frames: frames.map((frame) => ({ frame, at: placed(frame.id) })),
    edges: edges.map(({ from, to }) => graph.edge(from, to).points ?? []),
  };
}
