import { checkDepth, ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import { inOneVocabulary } from "./dialect.ts";
import type { Layer, LayerCall, LayerGraph } from "./layer-graph.ts";
import { orderCalls } from "./order.ts";
import { weightsByLayer } from "./owners.ts";
import { readTopology, type Topology } from "./topology.ts";
import { readWeights } from "./weights.ts";

/** The topology in the artifacts. Throws `bad-input` where there is none. */
export function topologyOf(artifacts: io.ModelArtifacts, where: string): Topology {
  const { modelTopology } = artifacts;
  if (modelTopology === undefined || modelTopology instanceof ArrayBuffer)
    throw new ResonnxError("bad-input", {
      where,
      what: "has no layers topology",
      hint: "a file of weights alone can't be exported; save the whole model",
    });
  checkDepth(modelTopology, where, "the topology");
  return readTopology(inOneVocabulary(artifacts), where);
}

/**
 * The layers model of a topology and the artifacts that it came with, as a checked value. Weights are views of the artifacts' data.
 * Throws `bad-input` for a model that contradicts itself, `unsupported` for weights stored in a way that has no reader.
 */
export function readLayerGraph(topology: Topology, artifacts: io.ModelArtifacts, where: string): LayerGraph {
  const weights = weightsByLayer(topology.layers, readWeights(artifacts, where), where);
  const layers = topology.layers.map(
    ({ className, name, config, trainable }): Layer => ({
      className,
      name,
      config,
      trainable,
      weights: weights.get(name) ?? [],
    }),
  );
  const calls = layers.flatMap((layer, i) =>
    topology.layers[i]!.calls.map((call, node): LayerCall => ({ ...call, layer, node })),
  );
  const { name, inputs, outputs, outputLayers } = topology;
  return { name, layers, calls: orderCalls(calls, [...inputs, ...outputs], where), inputs, outputs, outputLayers };
}
