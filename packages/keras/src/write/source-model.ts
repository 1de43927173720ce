import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import { isLayerConfig, isObject, type LayerConfig, type LayerEntry, layerEntries } from "../config/model-config.ts";
import { weightsByLayer } from "../config/weight-names.ts";
import { splitWeights, type Weight } from "./split-weights.ts";

/** What error messages call the model that is to be written. */
export const WHERE = "tfjs model";

/** A tfjs model taken apart. */
export interface SourceModel {
  readonly model: LayerConfig;
  /** Each layer of the first level in the model's order, with its weights, trainable ones first. */
  readonly layers: ReadonlyMap<LayerEntry, readonly Weight[]>;
}

/** Takes artifacts apart; `translate` makes the config Keras'. Throws `bad-input` when topology and weights don't fit together. */
export function sourceModel(artifacts: io.ModelArtifacts, translate: (model: LayerConfig) => unknown): SourceModel {
  const { modelTopology: topology } = artifacts;
  const source = isObject(topology) && isObject(topology.model_config) ? topology.model_config : topology;
  const model = isLayerConfig(source) ? translate(source) : undefined;
  if (!isLayerConfig(model)) {
    throw new ResonnxError("bad-input", {
      where: WHERE,
      what: "the topology describes no layers model",
      wanted: "class_name and config",
    });
  }
  return { model, layers: weightsByLayer(splitWeights(artifacts, WHERE), layerEntries(model, WHERE), WHERE) };
}
