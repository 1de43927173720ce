import type { Graph } from "../ir/graph.ts";
import { plainRules } from "./plain.ts";
import { translate } from "./translation.ts";

/** The same computation with the transposes that neighbouring operators do not need taken out. */
export const layout = (graph: Graph): Graph => translate(graph, plainRules);
