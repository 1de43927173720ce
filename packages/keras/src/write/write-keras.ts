import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import { strToU8, zipSync } from "fflate";
import type { File, Group } from "h5wasm";
import type { JsonObject, LayerEntry } from "../config/model-config.ts";
import { toKeras3 } from "../config/to-keras3.ts";
import { createPath } from "../hdf5/groups.ts";
import { writeHdf5 } from "../hdf5/memory-file.ts";
import { trainableWeights } from "../training/trainable-weights.ts";
import type { KerasTraining } from "../training/training.ts";
import { optimizerVariables, valuesOf } from "../training/variables.ts";
import { groupOf } from "./layer-groups.ts";
import { sourceModel, WHERE } from "./source-model.ts";
import type { Weight } from "./split-weights.ts";
import type { WriteOptions } from "./write-keras-h5.ts";

/** Keras reads files of any 3; the number is that of the version whose layout this is. */
const KERAS_VERSION = "3.15.0";
/** What an archive says in the place of a date: what it holds is the model's alone, but for times in HDF5, which h5wasm can't leave out. */
const NO_DATE = "1980-01-01";

/**
 * A tfjs LayersModel (its artifacts) as a `.keras` archive, which Keras 3 opens with `load_model`: compiled and with the optimizer's
 * state where `compile` has them, so that `fit` goes on. Throws `bad-input` when topology and weights don't fit together,
 * `unsupported` for layers that Keras 3 would compute differently.
 */
export async function writeKeras(artifacts: io.ModelArtifacts, { compile }: WriteOptions = {}): Promise<Uint8Array> {
  const { model, layers } = sourceModel(artifacts, (source) => source);
  const config = { ...toKeras3(model, WHERE), ...(compile && { compile_config: compileConfig(compile) }) };
  const weights = await writeHdf5((file) => {
    writeLayers(file, layers);
    if (compile) writeOptimizer(file, compile.optimizer, trainableWeights(layers));
  });
  const metadata = { keras_version: KERAS_VERSION, date_saved: `${NO_DATE}@00:00:00` };
  return zipSync(
    {
      "metadata.json": strToU8(JSON.stringify(metadata)),
      "config.json": strToU8(JSON.stringify(config)),
      "model.weights.h5": weights,
    },
    { level: 0, mtime: `${NO_DATE}T00:00:00` }, // stored, as Keras has them
  );
}

function compileConfig({ optimizer: { className, config }, loss, metrics }: KerasTraining): JsonObject {
  return {
    optimizer: { module: "keras.optimizers", class_name: className, config, registered_name: null },
    loss,
    loss_weights: null,
    metrics,
    weighted_metrics: null,
    run_eagerly: false,
    steps_per_execution: 1,
    jit_compile: false,
  };
}

/** Weights have numbers in the groups of their layers, in the order in which a layer makes them. */
function writeLayers(file: File, layers: ReadonlyMap<LayerEntry, readonly Weight[]>): void {
  const entries = [...layers.keys()];
  const counts = new Map<string, number>();
  createPath(file, "layers", WHERE);
  for (const { name, data, shape } of [...layers.values()].flat()) {
    const path = groupOf(name, entries);
    if (!path) throw new ResonnxError("bad-input", { where: WHERE, what: `the weight ${name} belongs to no layer` });
    const number = counts.get(path) ?? 0;
    counts.set(path, number + 1);
    writeArray(createPath(file, path, WHERE), number, data, shape);
  }
}

/** The number of steps, the learning rate, and the arrays. */
function writeOptimizer(file: File, optimizer: KerasTraining["optimizer"], trainable: readonly Weight[]): void {
  const { state, config } = optimizer;
  if (!state) return;
  const group = createPath(file, "optimizer/vars", WHERE);
  writeArray(group, 0, BigInt64Array.of(BigInt(state.iterations)), []);
  const rate = config.learning_rate;
  const first = typeof rate === "number" ? 2 : 1; // one that follows a schedule is no variable
  if (typeof rate === "number") writeArray(group, 1, Float32Array.of(rate), []);
  for (const [i, variable] of optimizerVariables(optimizer, trainable, "keras3").entries()) {
    writeArray(group, first + i, valuesOf(variable, state.arrays), variable.weight.shape);
  }
}

function writeArray(group: Group, number: number, data: Weight["data"] | BigInt64Array, shape: number[]): void {
  group.create_dataset({ name: `${number}`, data, shape });
}
