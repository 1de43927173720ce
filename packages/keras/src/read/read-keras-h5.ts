import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import type { Dataset, File, Group } from "h5wasm";
import { type LayerConfig, layerEntries } from "../config/model-config.ts";
import { parseModel } from "../config/parse-model.ts";
import { tfjsWeightNames } from "../config/weight-names.ts";
import { readHdf5 } from "../hdf5/memory-file.ts";
import type { Hdf5 } from "../platform/hdf5.ts";
import { toArtifacts } from "./artifacts.ts";
import { readVariables } from "./dataset.ts";
import type { Variable } from "./layer-variables.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { stringAttribute, stringList } from "./string-list.ts";

/** How to read a Keras file. */
export interface ReadOptions {
  /** What error messages call the file; default "Keras file". */
  readonly name?: string;
}

/**
 * A whole model that Keras 2 or 3 saved as `.h5`, as the artifacts tfjs loads (`tf.io.fromMemory`). Weights keep Keras' order;
 * the optimizer's state is left out. Throws `bad-input` for files that are cut short, damaged, not HDF5, or hold weights only.
 */
export async function readKerasH5(bytes: Uint8Array, options: ReadOptions = {}): Promise<io.ModelArtifacts> {
  const { name: where = "Keras file" } = options;
  return readHdf5(bytes, where, (file, h5) => {
    const { model, version, variables } = h5Model(file, h5, where);
    const weights = readVariables(variables, new MemoryBudget(bytes.length), where);
    const backend = stringAttribute(file, "backend", where) ?? "tensorflow";
    return toArtifacts(model, weights, { kerasVersion: version ?? "unknown", backend });
  });
}

/** A model in an open file. */
export interface StoredModel {
  readonly model: LayerConfig;
  /** The version of Keras that the file names. */
  readonly version: string | undefined;
  /** All its weights in the file's order, not read yet. */
  readonly variables: readonly Variable[];
}

/** The model in an open `.h5`. Throws `bad-input`. */
export function h5Model(file: File, h5: Hdf5, where: string): StoredModel {
  const version = stringAttribute(file, "keras_version", where);
  const model = modelConfig(file, version, where);
  return { model, version, variables: variablesOf(file, h5, model, where) };
}

function modelConfig(file: File, version: string | undefined, where: string): LayerConfig {
  const text = stringAttribute(file, "model_config", where);
  if (text === undefined) {
    const holdsWeights = file.attrs.layer_names !== undefined || file.attrs.layer_names0 !== undefined;
    throw new ResonnxError("bad-input", {
      where,
      what: holdsWeights ? "the file holds weights only, not a model" : "the HDF5 file holds no Keras model",
      got: `the keys ${file.keys().slice(0, 5).join(", ") || "none"}`,
      wanted: "a whole model with the attribute model_config",
      hint: holdsWeights ? "save it with model.save(), not model.save_weights()" : "save it with model.save()",
    });
  }
  return parseModel(text, { part: "model_config", version }, where);
}

function variablesOf(file: File, h5: Hdf5, model: LayerConfig, where: string): Variable[] {
  const root = file.get("model_weights");
  const listed = root instanceof h5.Group ? stringList(root, "layer_names", where) : undefined;
  if (!(root instanceof h5.Group) || !listed) {
    throw new ResonnxError("bad-input", {
      where,
      what: "the weights are missing",
      wanted: "a group model_weights with layer_names",
    });
  }
  const entries = new Map(layerEntries(model, where).map((entry) => [entry.name, entry]));
  return listed.flatMap((layer) => {
    const entry = entries.get(layer) ?? { name: layer, className: "", config: {}, inner: [] };
    const group = root.get(layer);
    if (!(group instanceof h5.Group)) throw missing(where, `the group of layer ${layer}`);
    const paths = stringList(group, "weight_names", `${where}, layer ${layer}`) ?? [];
    const names = tfjsWeightNames(paths, entry);
    return paths.map((path, i) => ({ name: names[i]!, dataset: datasetAt(group, path, h5, where) }));
  });
}

/** The dataset that a list names. Throws `bad-input` when it isn't there. */
export function datasetAt(group: Group, path: string, h5: Hdf5, where: string): Dataset {
  const dataset = group.get(path);
  if (!(dataset instanceof h5.Dataset)) throw missing(where, `the weight ${path}`);
  return dataset;
}

function missing(where: string, what: string): ResonnxError {
  return new ResonnxError("bad-input", {
    where,
    what: `${what} is listed but missing`,
    hint: "the file is incomplete; save it again",
  });
}
