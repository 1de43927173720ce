import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import type { Json } from "../config/json.ts";
import type { Layer, LayerCall, LayerGraph, LayerWeight } from "./layer-graph.ts";
import { orderCalls } from "./order.ts";
import { readTopology, type Topology } from "./topology.ts";
import { type NamedTensor, readWeights } from "./weights.ts";

/** The topology in the artifacts. Throws `bad-input` where there is none. */
export function topologyOf({ modelTopology }: io.ModelArtifacts, where: string): Topology {
  if (modelTopology === undefined || modelTopology instanceof ArrayBuffer)
    throw new ResonnxError("bad-input", {
      where,
      what: "has no layers topology",
      hint: "a file of weights alone can't be exported; save the whole model",
    });
  return readTopology(modelTopology as Json, where);
}

/**
 * The layers model of a topology and the artifacts that it came with, as a checked value. Weights are views of the artifacts' data.
 * Throws `bad-input` for a model that contradicts itself, `unsupported` for weights stored in a way that has no reader.
 */
export function readLayerGraph(topology: Topology, artifacts: io.ModelArtifacts, where: string): LayerGraph {
  const weights = weightsOfLayers(topology, readWeights(artifacts, where), where);
  const layers = topology.layers.map(
    ({ className, name, config }): Layer => ({
      className,
      name,
      config,
      trainable: config.trainable !== false,
      weights: weights.get(name) ?? [],
    }),
  );
  const calls = layers.flatMap((layer, i) =>
    topology.layers[i]!.calls.map((inputs, node): LayerCall => ({ layer, node, inputs })),
  );
  const { name, inputs, outputs } = topology;
  return { name, layers, calls: orderCalls(calls, [...inputs, ...outputs], where), inputs, outputs };
}

/** Weights by the layer whose name begins theirs; the longest such name, as layer names may hold slashes. */
function weightsOfLayers(
  topology: Topology,
  weights: readonly NamedTensor[],
  where: string,
): Map<string, LayerWeight[]> {
  const names = new Set(topology.layers.map(({ name }) => name));
  const found = new Map<string, LayerWeight[]>();
  for (const { name: fullName, data } of weights) {
    const owner = prefixes(fullName).find((prefix) => names.has(prefix));
    if (owner === undefined)
      throw new ResonnxError("bad-input", { where, what: `weight "${fullName}" belongs to no layer` });
    // Some versions of TensorFlow put a cell's name in between: lstm/lstm_cell/kernel.
    const weight = { name: fullName.slice(fullName.lastIndexOf("/") + 1), fullName, data };
    found.set(owner, [...(found.get(owner) ?? []), weight]);
  }
  return found;
}

/** `a/b/c` -> `a/b`, `a` */
const prefixes = (name: string): string[] => {
  const parts = name.split("/");
  return parts.slice(1).map((_, i) => parts.slice(0, parts.length - 1 - i).join("/"));
};
