import type { Pass } from "./pass.ts";

/** Takes out what no output needs. */
export const removeDead: Pass = { name: "removeDead", run: (graph) => graph.removeDead() };
