import { ResonnxError } from "@resonnx/base";
import { fromKeras } from "@resonnx/keras";
import { isObject, type Json, type JsonObject } from "../config/json.ts";
import { isTsStyle, toPythonic } from "../config/pythonic.ts";
import { inlineModels } from "./inline.ts";
import type { TensorRef } from "./layer-graph.ts";
import type { Call } from "./model-tree.ts";
import { readTree } from "./read-tree.ts";

/** The topology as one flat model, before weights are attached. */
export interface Topology {
  readonly name: string;
  readonly layers: readonly TopologyLayer[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
  /** What the source calls the layers that give the outputs: for a model inside, its own name. */
  readonly outputLayers: readonly string[];
}

export interface TopologyLayer {
  readonly className: string;
  /** Unique: the path joined by slashes. */
  readonly name: string;
  /** The models around it, outermost first, and its own name. */
  readonly path: readonly string[];
  readonly config: JsonObject;
  /** False when the layer or a model around it was saved frozen. */
  readonly trainable: boolean;
  readonly calls: readonly Call[];
}

/** Reads `modelTopology` of a layers model: Sequential, Functional and Model, inside each other, as Keras 1 to 3 and tfjs write them. */
export function readTopology(json: Json | undefined, where: string): Topology {
  const tree = readTree(modelConfigOf(json), where);
  const topology = inlineModels(tree, where);
  for (const { layer } of topology.inputs) {
    const { config } = topology.layers.find(({ name }) => name === layer)!; // inlineModels resolved it
    if (config.batch_input_shape === undefined && config.batch_shape === undefined)
      throw new ResonnxError("unsupported", {
        where: `${where}: layer "${layer}"`,
        what: "a model without an input shape",
        hint: "build the model on an input before it is saved",
      });
  }
  return topology;
}

/** The model's own config, out of what Keras, the converter or tfjs wrap around it, in the words of Keras 2. */
function modelConfigOf(json: Json | undefined): Json | undefined {
  const wrapped = isObject(json) ? (json.model_config ?? json.modelConfig ?? json) : json;
  return fromKeras(isTsStyle(wrapped) ? toPythonic(wrapped!) : wrapped) as Json;
}
