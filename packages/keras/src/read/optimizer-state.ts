import { ResonnxError } from "@resonnx/base";
import type { Dataset, File } from "h5wasm";
import { layerEntries } from "../config/model-config.ts";
import { weightsByLayer } from "../config/weight-names.ts";
import type { Hdf5 } from "../platform/hdf5.ts";
import type { Layout } from "../training/optimizers.ts";
import { trainableWeights } from "../training/trainable-weights.ts";
import type { KerasTraining, OptimizerState } from "../training/training.ts";
import { optimizerVariables } from "../training/variables.ts";
import { readDataset } from "./dataset.ts";
import type { Variable } from "./layer-variables.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import { datasetAt, type StoredModel } from "./read-keras-h5.ts";
import { stringList } from "./string-list.ts";

type Optimizer = KerasTraining["optimizer"];

/** A model in an open HDF5 file. */
interface OpenModel extends StoredModel {
  readonly file: File;
  readonly h5: Hdf5;
}

/** An optimizer's variables as a file lists them: the number of steps, then perhaps the learning rate, then the arrays. */
interface Stored {
  readonly layout: Layout;
  readonly steps: Dataset;
  readonly arrays: readonly Dataset[];
}

/** The state in a `.h5`; undefined when the file has none. */
export function h5State(open: OpenModel, optimizer: Optimizer, budget: MemoryBudget, where: string) {
  const { file, h5 } = open;
  const group = file.keys().includes("optimizer_weights") ? file.get("optimizer_weights") : undefined;
  if (!(group instanceof h5.Group)) return undefined;
  const names = stringList(group, "weight_names", `${where}, optimizer_weights`) ?? [];
  const [first = "nothing", second = ""] = names;
  const layout = LAYOUTS.find(({ steps }) => steps.test(first))?.layout;
  if (!layout) {
    throw new ResonnxError("unsupported", {
      where,
      what: "the optimizer's state is in the layout of an old Keras",
      got: first,
      wanted: "that of TensorFlow 2 or Keras 3, which begins with the number of steps",
    });
  }
  const [steps, ...rest] = names.map((name) => datasetAt(group, name, h5, where));
  const arrays = /\blearning_rate\b/.test(second) ? rest.slice(1) : rest;
  return stateOf({ layout, steps: steps!, arrays }, open, optimizer, budget, where);
}

/** Told apart by what the number of steps is called. */
const LAYOUTS: readonly { readonly layout: Layout; readonly steps: RegExp }[] = [
  { layout: "legacy", steps: /\/iter:0$/ },
  { layout: "keras2", steps: /^iteration:0$/ },
  { layout: "keras3", steps: /\/iteration$/ },
];

/** The state in a `.keras`; undefined when the archive has none. */
export function archiveState(open: OpenModel, optimizer: Optimizer, budget: MemoryBudget, where: string) {
  const { file, h5, version } = open;
  const group = file.keys().includes("optimizer") ? file.get("optimizer/vars") : undefined;
  if (!(group instanceof h5.Group) || group.keys().length === 0) return undefined;
  const [steps, ...rest] = group.keys().map((_, i) => datasetAt(group, `${i}`, h5, `${where}, optimizer`));
  const layout: Layout = version?.startsWith("2.") ? "keras2" : "keras3";
  // The arrays stand last; a learning rate that follows a schedule has no variable.
  const hasRate =
    layout === "keras3" && rest[0]?.shape?.length === 0 && typeof optimizer.config.learning_rate === "number";
  return stateOf({ layout, steps: steps!, arrays: hasRate ? rest.slice(1) : rest }, open, optimizer, budget, where);
}

function stateOf(
  { layout, steps, arrays }: Stored,
  { model, variables }: OpenModel,
  optimizer: Optimizer,
  budget: MemoryBudget,
  where: string,
): OptimizerState {
  const trainable = trainableWeights(weightsByLayer(variables, layerEntries(model, where), where));
  const expected = optimizerVariables(optimizer, trainable, layout);
  if (expected.length !== arrays.length) {
    throw new ResonnxError("bad-input", {
      where,
      what: `the state of ${optimizer.className} doesn't fit the model`,
      got: `${arrays.length} arrays`,
      wanted: `${expected.length} for ${trainable.length} trainable weights`,
    });
  }
  const state: Record<string, Record<string, Float32Array>> = {};
  for (const [i, { slot, weight }] of expected.entries()) {
    const own = state[slot.name] ?? {};
    own[weight.name] = arrayOf(arrays[i]!, weight, budget, `${where}, ${slot.name} of ${weight.name}`);
    state[slot.name] = own;
  }
  return { iterations: Number(readDataset(steps, budget, `${where}, number of steps`).data[0]), arrays: state };
}

function arrayOf(dataset: Dataset, weight: Variable, budget: MemoryBudget, where: string): Float32Array {
  const [got, wanted] = [dataset, weight.dataset].map(({ shape }) => `[${shape?.join(", ")}]`);
  if (got !== wanted) {
    throw new ResonnxError("bad-input", {
      where,
      what: "the array has another shape than its weight",
      got: `${got}`,
      wanted: `${wanted}`,
    });
  }
  return Float32Array.from(readDataset(dataset, budget, where).data);
}
