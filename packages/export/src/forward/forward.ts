import { Builder, Graph, type Value } from "@resonnx/onnx";
import type { io } from "@tensorflow/tfjs";
import type { Layer } from "../source/layer-graph.ts";
import { readLayerGraph, topologyOf } from "../source/read.ts";
import { CallValues } from "./call-values.ts";
import { Draws, type RandomInput } from "./draws.ts";
import { inputType } from "./input-type.ts";
import { outputNames } from "./output-names.ts";
import { type Parameter, Parameters } from "./parameters.ts";
import { planLayers, rulesFor } from "./plan.ts";
import { refuseRegularization } from "./regularization.ts";
import { type CarriedState, States } from "./states.ts";

export interface ForwardOptions {
  /** BatchNormalization and the like as in training; layers that were frozen stay as at inference. */
  readonly training: boolean;
  /** Weights as constants of the graph, or as graph inputs named by their source names, behind the model's inputs. */
  readonly weights: "constants" | "inputs";
  /**
   * What stateful layers begin with: zeros in every run (default), or graph inputs `{layer}/state_{i}` behind the weights,
   * whose next values are the outputs `next/{layer}/state_{i}` behind the model's.
   */
  readonly states?: "zeros" | "inputs" | undefined;
  /** Fixes the batch; else it stays symbolic. */
  readonly batchSize?: number | undefined;
  /** Weights that training leaves as they are, by their names; a layer all of whose weights are left works as at inference. */
  readonly frozen?: ((weight: string) => boolean) | undefined;
  /** The file, for errors. */
  readonly where?: string | undefined;
}

export interface Forward {
  readonly graph: Graph;
  /** The model's inputs, in the source's order. */
  readonly inputs: readonly Value[];
  /** The model's outputs, in the source's order; they are the graph's outputs as well. */
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  /** What stateful layers carry from run to run: graph inputs and the outputs that go back into them. */
  readonly states: readonly CarriedState[];
  /** In the source's order: layer by layer, within a layer as stored. */
  readonly parameters: readonly Parameter[];
  /** What dropout and noise layers read in training; graph inputs behind all others. */
  readonly randoms: readonly RandomInput[];
  /** In the source's order. */
  readonly layers: readonly { readonly name: string; readonly className: string }[];
  /** NHWC, unless the model's layers say channels_first. */
  readonly layout: "nhwc" | "nchw";
}

/**
 * The forward pass of a layers model as a graph in the source's layout (NHWC, kernels as Keras keeps them).
 * Throws `unsupported` naming all layer classes without a rule before anything is built, and in training all layers with
 * regularizers or constraints; `bad-input` for a model that contradicts itself.
 */
export function forward(artifacts: io.ModelArtifacts, options: ForwardOptions): Forward {
  const where = options.where ?? "model.json";
  const topology = topologyOf(artifacts, where);
  const rules = rulesFor(topology, where);
  const source = readLayerGraph(topology, artifacts, where);
  const planned = planLayers(source, rules, where);
  const graph = new Graph(source.name);
  const values = new CallValues(where);
  const inputs = source.inputs.map((ref) => {
    const layer = source.layers.find(({ name }) => name === ref.layer)!; // readLayerGraph found its call
    const input = graph.input(ref.layer, inputType(layer, options.batchSize, `${where}: layer "${ref.layer}"`));
    values.set(ref, { values: [input], masks: [] });
    return input;
  });
  const parameters = new Parameters(graph, planned.values(), options);
  const isTrained = (layer: Layer): boolean => layer.trainable && !parameters.isFrozen(layer.name);
  if (options.training) refuseRegularization(planned.keys(), isTrained, where);
  const draws = new Draws(graph);
  const states = new States(graph, options.states ?? "zeros");
  const b = new Builder(graph);
  for (const call of source.calls) {
    const address = { layer: call.layer.name, node: call.node };
    if (values.has(address)) continue; // an input
    const { emit, layer } = planned.get(call.layer)!; // planLayers has every called layer
    const here = `${where}: layer "${layer.name}"`;
    graph.origins = [layer.name];
    const emission = emit({
      b,
      name: layer.name,
      where: here,
      inputs: call.inputs.map((ref) => values.get(ref)),
      masks: call.inputs.map((ref, i) =>
        i === 0 && call.named.get("mask") ? values.get(call.named.get("mask")![0]!) : values.maskOf(ref),
      ),
      named: new Map(
        [...call.named].map(([name, refs]) => [
          name,
          refs.map((ref) => ({ value: values.get(ref), mask: values.maskOf(ref) })),
        ]),
      ),
      flags: call.flags,
      training: (call.training ?? options.training) && isTrained(layer),
      differentiable: options.training,
      scopes: parameters.scopes(layer.name),
      weight: (name, rank) => parameters.weight(layer.name, name, rank, here),
      update: (name, value) => parameters.update(layer.name, name, value, here),
      random: (draw, shape) => draws.add(layer.name, draw, shape, here),
      carried: (name, type) => states.read(`${layer.name}/${name}`, type),
      carry: (name, value) => states.write(`${layer.name}/${name}`, value),
    });
    values.set(address, emission);
  }
  const names = outputNames(source);
  const outputs = source.outputs.map((ref, i) => ({ name: names[i]!, value: values.get(ref) }));
  for (const { name, value } of outputs) graph.output(name, value);
  const layout = source.layers.some(({ config }) => config.data_format === "channels_first") ? "nchw" : "nhwc";
  return {
    graph,
    inputs,
    outputs,
    states: states.outputs(),
    parameters: parameters.all(where),
    randoms: draws.inputs,
    layers: source.layers,
    layout,
  };
}
