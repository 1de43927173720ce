import type { io } from "@tensorflow/tfjs";
import type { File, Group } from "h5wasm";
import type { JsonObject } from "../config/model-config.ts";
import { toKeras } from "../config/to-keras.ts";
import { createPath, writeStringList } from "../hdf5/groups.ts";
import { writeHdf5 } from "../hdf5/memory-file.ts";
import { h5Layout } from "../training/optimizers.ts";
import { trainableWeights } from "../training/trainable-weights.ts";
import type { KerasTraining } from "../training/training.ts";
import { optimizerVariables, VARIABLE_NAMES, valuesOf } from "../training/variables.ts";
import { sourceModel, WHERE } from "./source-model.ts";
import type { Weight } from "./split-weights.ts";

/** The last Keras 2 whose files everything reads; a reader takes another layout only for versions below 2. */
const KERAS_VERSION = "2.15.0";

/** What goes into the file besides the model. */
export interface WriteOptions {
  /**
   * Keras opens the model compiled with these, as after `model.save()`: ready for `evaluate`, and with the optimizer's state for
   * training on. (From `.h5` only Keras 2 trains on; Keras 3 does from `.keras`.)
   */
  readonly compile?: KerasTraining | undefined;
}

/**
 * A tfjs LayersModel (its artifacts, as `model.save(tf.io.withSaveHandler(...))` hands them over) as a legacy Keras `.h5`, which
 * Keras 2 and 3 open with `load_model`. Throws `bad-input` when topology and weights don't fit together.
 */
export async function writeKerasH5(artifacts: io.ModelArtifacts, options: WriteOptions = {}): Promise<Uint8Array> {
  const { model, layers } = sourceModel(artifacts, toKeras);
  return writeHdf5((file) => {
    writeVersion(file);
    file.create_attribute("model_config", JSON.stringify(model));
    const root = file.create_group("model_weights");
    writeVersion(root);
    writeStringList(
      root,
      "layer_names",
      [...layers.keys()].map(({ name }) => name),
    );
    for (const [{ name }, weights] of layers) writeLayer(createPath(root, name, WHERE), weights);
    if (options.compile) writeTraining(file, options.compile, trainableWeights(layers));
  });
}

function writeVersion(group: File | Group): void {
  group.create_attribute("keras_version", KERAS_VERSION);
  // Kernels are laid out as TensorFlow's; readers flip those of other backends.
  group.create_attribute("backend", "tensorflow");
}

/** A dataset to be written, by its name in Keras. */
interface Named {
  readonly name: string;
  readonly data: Weight["data"] | BigInt64Array;
  readonly shape: number[];
}

/** A layer's group: `weight_names` in Keras' order and a dataset for each. */
const writeLayer = (group: Group, weights: readonly Weight[]): void =>
  writeNamed(
    group,
    weights.map(({ name, data, shape }) => ({ name: `${name}:0`, data, shape })),
  );

/** Datasets and the list of their names; names with slashes are nested groups. */
function writeNamed(group: Group, all: readonly Named[]): void {
  writeStringList(
    group,
    "weight_names",
    all.map(({ name }) => name),
  );
  for (const { name, data, shape } of all) {
    const path = name.split("/");
    const parent = createPath(group, path.slice(0, -1).join("/"), WHERE);
    parent.create_dataset({ name: path.at(-1)!, data, shape });
  }
}

function writeTraining(file: File, { optimizer, loss, metrics }: KerasTraining, trainable: readonly Weight[]): void {
  const training: JsonObject = {
    optimizer_config: optimizerConfig(optimizer),
    loss,
    metrics,
    weighted_metrics: null,
    loss_weights: null,
  };
  file.create_attribute("training_config", JSON.stringify(training));
  const { className, config, state } = optimizer;
  if (!state) return;
  const layout = h5Layout(className, config);
  const names = VARIABLE_NAMES[layout];
  const steps = { name: names.steps(className), data: BigInt64Array.of(BigInt(state.iterations)), shape: [] };
  const arrays = optimizerVariables(optimizer, trainable, layout).map((variable) => ({
    name: names.array(className, variable.slot, variable.weight.name),
    data: valuesOf(variable, state.arrays),
    shape: variable.weight.shape,
  }));
  writeNamed(file.create_group("optimizer_weights"), [steps, ...arrays]);
}

/** Keras 2 finds its new classes by their registered names, and only with the mark; its old ones and Keras 3's know no mark. */
function optimizerConfig({ className, config }: KerasTraining["optimizer"]): JsonObject {
  return h5Layout(className, config) === "legacy"
    ? { class_name: className, config: { name: className, ...config } }
    : { class_name: `Custom>${className}`, config: { name: className, is_legacy_optimizer: false, ...config } };
}
