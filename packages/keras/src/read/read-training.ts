import { parseJson, ResonnxError } from "@resonnx/base";
import type { File } from "h5wasm";
import { isObject, type Json, type JsonObject } from "../config/model-config.ts";
import { readHdf5 } from "../hdf5/memory-file.ts";
import { type KerasOptimizerName, OPTIMIZERS } from "../training/optimizers.ts";
import type { KerasTraining, OptimizerState } from "../training/training.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { archiveState, h5State } from "./optimizer-state.ts";
import { isZip, readKerasZip } from "./read-keras.ts";
import { h5Model, type ReadOptions } from "./read-keras-h5.ts";
import { stringAttribute } from "./string-list.ts";

type Optimizer = Omit<KerasTraining["optimizer"], "state">;

/**
 * What the model in a `.h5` or `.keras` was compiled with and, where the file has it, the state of its optimizer by the weights'
 * tfjs names; undefined for a model that was not compiled. Throws `bad-input` for damaged files and states that don't fit the
 * model, `unsupported` for an optimizer that has no row in `OPTIMIZERS`.
 */
export async function readKerasTraining(
  bytes: Uint8Array,
  options: ReadOptions = {},
): Promise<KerasTraining | undefined> {
  const { name: where = "Keras file" } = options;
  const budget = new MemoryBudget(bytes.length);
  if (isZip(bytes)) {
    return readKerasZip(bytes, where, (archive) => {
      const compiled = isObject(archive.config) ? archive.config.compile_config : undefined;
      return trainingOf(compiled, "optimizer", where, (optimizer) => archiveState(archive, optimizer, budget, where));
    });
  }
  return readHdf5(bytes, where, (file, h5) =>
    trainingOf(trainingConfig(file, where), "optimizer_config", where, (optimizer) =>
      h5State({ ...h5Model(file, h5, where), file, h5 }, optimizer, budget, where),
    ),
  );
}

function trainingConfig(file: File, where: string): unknown {
  const text = stringAttribute(file, "training_config", where);
  return text === undefined ? undefined : parseJson(text, where, "training_config");
}

function trainingOf(
  compiled: unknown,
  key: string,
  where: string,
  stateOf: (optimizer: Optimizer) => OptimizerState | undefined,
): KerasTraining | undefined {
  if (!isObject(compiled) || !compiled[key]) return undefined;
  const optimizer = optimizerOf(compiled[key], where);
  const state = stateOf(optimizer);
  return {
    optimizer: { ...optimizer, ...(state && { state }) },
    loss: compiled.loss ?? null,
    metrics: compiled.metrics ?? null,
  };
}

/** An optimizer's class and settings; TensorFlow writes its class as `Custom>Adam` or `adam` too. */
function optimizerOf(value: Json | undefined, where: string): Optimizer {
  const { class_name: written, config }: JsonObject = isObject(value) ? value : {};
  const className = namesOfOptimizers.find(
    (name) => `${written}`.replace(/^Custom>/, "").toLowerCase() === name.toLowerCase(),
  );
  if (className && isObject(config)) return { className, config };
  throw new ResonnxError("unsupported", {
    where,
    what: "the optimizer that the model was trained with",
    got: `${written}`,
    wanted: namesOfOptimizers.join(", "),
  });
}

const namesOfOptimizers = Object.keys(OPTIMIZERS) as KerasOptimizerName[];
