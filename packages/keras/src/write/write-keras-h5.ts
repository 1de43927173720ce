import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import type { File, Group } from "h5wasm";
import {
  isLayerConfig,
  isObject,
  type JsonObject,
  type LayerConfig,
  type LayerEntry,
  layerEntries,
} from "../config/model-config.ts";
import { toKeras } from "../config/to-keras.ts";
import { ownerOf } from "../config/weight-names.ts";
import { writeHdf5 } from "../hdf5/memory-file.ts";
import { splitWeights, type Weight } from "./split-weights.ts";

/** The last Keras 2 whose files everything reads; a reader takes another layout only for versions below 2. */
const KERAS_VERSION = "2.15.0";
const WHERE = "tfjs model";

/** What goes into the file besides the model. */
export interface WriteOptions {
  /** Keras opens the model compiled with these, as after `model.save()`: ready for `evaluate`. Names and settings are Keras' own. */
  readonly compile?: {
    readonly optimizer: { readonly className: string; readonly config: JsonObject };
    readonly loss: string;
    readonly metrics: readonly string[];
  };
}

/**
 * A tfjs LayersModel (its artifacts, as `model.save(tf.io.withSaveHandler(...))` hands them over) as a legacy Keras `.h5`, which
 * Keras 2 and 3 open with `load_model`. Throws `bad-input` when topology and weights don't fit together.
 */
export async function writeKerasH5(artifacts: io.ModelArtifacts, options: WriteOptions = {}): Promise<Uint8Array> {
  const model = modelConfig(artifacts);
  const layers = layerEntries(model, WHERE);
  const weights = weightsByLayer(splitWeights(artifacts, WHERE), layers);
  return writeHdf5((file) => {
    writeVersion(file);
    file.create_attribute("model_config", JSON.stringify(model));
    if (options.compile) file.create_attribute("training_config", JSON.stringify(trainingConfig(options.compile)));
    const root = file.create_group("model_weights");
    writeVersion(root);
    root.create_attribute(
      "layer_names",
      layers.map(({ name }) => name),
    );
    for (const layer of layers) writeLayer(createPath(root, layer.name), weights.get(layer) ?? []);
  });
}

function modelConfig({ modelTopology: topology }: io.ModelArtifacts): LayerConfig {
  const model = isObject(topology) && isObject(topology.model_config) ? topology.model_config : topology;
  const translated = isLayerConfig(model) ? toKeras(model) : undefined;
  if (isLayerConfig(translated)) return translated;
  throw new ResonnxError("bad-input", {
    where: WHERE,
    what: "the topology describes no layers model",
    wanted: "class_name and config",
  });
}

function trainingConfig({ optimizer, loss, metrics }: NonNullable<WriteOptions["compile"]>): JsonObject {
  const { className, config } = optimizer;
  return {
    optimizer_config: { class_name: className, config },
    loss,
    metrics,
    weighted_metrics: null,
    loss_weights: null,
  };
}

function weightsByLayer(weights: readonly Weight[], layers: readonly LayerEntry[]): Map<LayerEntry, Weight[]> {
  const groups = new Map(layers.map((layer): [LayerEntry, Weight[]] => [layer, []]));
  for (const weight of weights) {
    const owner = ownerOf(weight.name, layers);
    const group = owner && groups.get(owner);
    if (!group)
      throw new ResonnxError("bad-input", { where: WHERE, what: `the weight ${weight.name} belongs to no layer` });
    group.push(weight);
  }
  return groups;
}

function writeVersion(group: File | Group): void {
  group.create_attribute("keras_version", KERAS_VERSION);
  // Kernels are laid out as TensorFlow's; readers flip those of other backends.
  group.create_attribute("backend", "tensorflow");
}

/** A layer's group: `weight_names` in Keras' order and a dataset for each. Names with slashes are nested groups. */
function writeLayer(group: Group, weights: readonly Weight[]): void {
  const names = weights.map(({ name }) => `${name}:0`);
  if (names.length > 0) group.create_attribute("weight_names", names);
  else group.create_attribute("weight_names", new Float64Array(), [0]);
  for (const [i, { data, shape }] of weights.entries()) {
    const path = names[i]!.split("/");
    const parent = createPath(group, path.slice(0, -1).join("/"));
    parent.create_dataset({ name: path.at(-1)!, data, shape });
  }
}

/** HDF5 does not create the groups on the way by itself. */
function createPath(root: Group, path: string): Group {
  let group = root;
  for (const name of path.split("/").filter(Boolean)) {
    const existing = group.keys().includes(name) ? group.get(name) : group.create_group(name);
    if (!existing || !("create_group" in existing)) {
      throw new ResonnxError("bad-input", { where: WHERE, what: `the names of layers and weights collide at ${path}` });
    }
    group = existing;
  }
  return group;
}
