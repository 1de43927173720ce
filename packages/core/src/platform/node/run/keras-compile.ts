import { ResonnxError } from "@resonnx/base";
import type { KerasOptimizerName, KerasTraining, OptimizerState, SlotName } from "@resonnx/keras";
import { type OptimizerConfig, type OptimizerName, slotName } from "@resonnx/onnx";
import type { StateArray, TrainingState } from "../../../engines/engine.ts";

type Config = KerasTraining["optimizer"]["config"];

/** How an array of Keras comes from ours: Keras' = scale · ours + start. */
interface Source {
  readonly slot: string;
  readonly scale?: (config: Config) => number;
  readonly start?: (config: Config) => number;
}

interface KerasOptimizer {
  readonly className: KerasOptimizerName;
  /** What Keras' class needs besides the learning rate to be ours. */
  readonly config?: Config;
  readonly arrays: { readonly [S in SlotName]?: Source };
}

const setting = (config: Config, key: string, usual: number): number => {
  const value = config[key];
  return typeof value === "number" ? value : usual;
};

/** Ours lack the factors 1 - β (see `adam` in @resonnx/onnx). */
const adam: KerasOptimizer["arrays"] = {
  momentum: { slot: "m", scale: (config) => 1 - setting(config, "beta_1", 0.9) },
  velocity: { slot: "v", scale: (config) => 1 - setting(config, "beta_2", 0.999) },
};

/** Keras' momentum is the next move, the learning rate and the sign in it. */
const velocity: KerasOptimizer["arrays"] = {
  momentum: { slot: "velocity", scale: (config) => -setting(config, "learning_rate", 0) },
};

/** Keras' classes of our optimizers. Settings that aren't here have Keras' defaults in both. */
const kerasOptimizers: { readonly [K in OptimizerName]: KerasOptimizer } = {
  adadelta: {
    className: "Adadelta",
    arrays: { accumulated_grad: { slot: "accumulator" }, accumulated_delta_var: { slot: "delta" } },
  },
  adagrad: {
    className: "Adagrad",
    arrays: {
      accumulator: { slot: "accumulator", start: (config) => setting(config, "initial_accumulator_value", 0.1) },
    },
  },
  adam: { className: "Adam", arrays: adam },
  adamax: { className: "Adamax", arrays: { momentum: { slot: "m" }, norm: { slot: "u" } } },
  adamw: { className: "AdamW", config: { weight_decay: 0.004 }, arrays: adam },
  lion: { className: "Lion", arrays: { momentum: { slot: "m" } } },
  momentum: { className: "SGD", config: { momentum: 0.9 }, arrays: velocity },
  nesterov: { className: "SGD", config: { momentum: 0.9, nesterov: true }, arrays: velocity },
  rmsprop: {
    className: "RMSprop",
    arrays: { velocity: { slot: "v" }, momentum: { slot: "momentum" }, average_gradient: { slot: "average" } },
  },
  sgd: { className: "SGD", arrays: {} },
};

interface Setting {
  readonly option: string;
  /** The value that says nothing: some optimizers of ours, like plain `sgd`, don't take the option. */
  readonly idle?: number | boolean;
}

/** Our options by the names of Keras' settings. */
const OPTIONS: Readonly<Record<string, Setting>> = {
  beta_1: { option: "beta1" },
  beta_2: { option: "beta2" },
  centered: { option: "centered", idle: false },
  epsilon: { option: "epsilon" },
  initial_accumulator_value: { option: "initialAccumulator" },
  momentum: { option: "momentum", idle: 0 },
  rho: { option: "rho" },
  weight_decay: { option: "weightDecay" },
};

const isSet = (value: unknown): value is number | boolean => typeof value === "number" || typeof value === "boolean";

/** A training's optimizer and the rate at which it goes on. */
interface Optimization {
  readonly optimizer: OptimizerConfig;
  readonly learningRate: number;
}

/**
 * What Keras' `load_model` compiles a run's model with, so that `evaluate` works at once and training goes on from `state`. The
 * learning rate is the run's own, wherever its schedule ended. (Keras' weight decay takes biases too, ours doesn't.)
 */
export function kerasCompile({ optimizer, learningRate }: Optimization, state: TrainingState): KerasTraining {
  const { name, ...options }: { readonly name: OptimizerName } & Readonly<Record<string, unknown>> =
    typeof optimizer === "string" ? { name: optimizer } : { ...optimizer };
  const { className, config: usual, arrays } = kerasOptimizers[name];
  const given = Object.entries(OPTIONS).flatMap(([key, { option }]) => {
    const value = options[option];
    return isSet(value) ? [[key, value]] : [];
  });
  const config: Config = { learning_rate: learningRate, ...usual, ...Object.fromEntries(given) };
  const entries = Object.entries(arrays).map(([slot, source]) => [slot, kerasArrays(source, config, state)]);
  const kerasState: OptimizerState = { iterations: state.step, arrays: Object.fromEntries(entries) };
  return {
    optimizer: { className, config, state: kerasState },
    loss: "categorical_crossentropy",
    metrics: ["accuracy"],
  };
}

/** One kind of array for every weight that has it. */
function kerasArrays(source: Source, config: Config, { arrays }: TrainingState): Record<string, Float32Array> {
  const { factor, start } = affine(source, config);
  const prefix = slotName(source.slot, "");
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(
    own.map(([name, { data }]) => [name.slice(prefix.length), data.map((value) => factor * value + start)]),
  );
}

const affine = ({ scale = () => 1, start = () => 0 }: Source, config: Config) => ({
  factor: scale(config),
  start: start(config),
});

/** Where a training that Keras began goes on in an engine: what the optimizer is, and the state to restore. */
export interface Continued extends Optimization {
  readonly state: TrainingState;
}

/**
 * The way back: what `readKerasTraining` found in a file, for an engine that goes on with it. `weights` are the model's own, by
 * their tfjs names. Without a state in the file training begins with these weights. Throws `unsupported` for settings of Keras
 * that no engine has.
 */
export function fromKerasTraining(
  { optimizer: { className, config, state } }: KerasTraining,
  weights: Readonly<Record<string, StateArray>>,
): Continued {
  refuseForeign(className, config);
  const name = nameOf(className, config);
  const options = Object.entries(OPTIONS).flatMap(([key, { option, idle }]) => {
    const value = config[key];
    return isSet(value) && value !== idle ? [[option, value]] : [];
  });
  const arrays: Record<string, StateArray> = { ...weights };
  for (const [slot, source] of Object.entries(kerasOptimizers[name].arrays)) {
    const { factor, start } = affine(source, config);
    for (const [weight, values] of Object.entries(state?.arrays[slot as SlotName] ?? {})) {
      const { dims = [values.length] } = weights[weight] ?? {};
      arrays[slotName(source.slot, weight)] = { dims, data: values.map((value) => (value - start) / factor) };
    }
  }
  return {
    // Keras' settings that an optimizer of ours lacks are refused when a session opens.
    optimizer: { name, ...Object.fromEntries(options) } as OptimizerConfig,
    learningRate: setting(config, "learning_rate", 0),
    state: { step: state?.iterations ?? 0, arrays },
  };
}

/** Settings of Keras with which its steps are others than those of our options. */
const FOREIGN = [
  "amsgrad",
  "clipnorm",
  "clipvalue",
  "decay",
  "global_clipnorm",
  "gradient_accumulation_steps",
  "use_ema",
] as const;

function refuseForeign(className: string, config: Config): void {
  const follows = typeof config.learning_rate === "number" ? undefined : "a learning rate that follows a schedule";
  const got = FOREIGN.find((key) => isSet(config[key]) && config[key] !== 0 && config[key] !== false) ?? follows;
  if (got) throw new ResonnxError("unsupported", { where: className, what: "training can't go on as in Keras", got });
}

function nameOf(className: KerasOptimizerName, config: Config): OptimizerName {
  if (className === "SGD") {
    if (setting(config, "momentum", 0) === 0) return "sgd";
    return config.nesterov === true ? "nesterov" : "momentum";
  }
  const names = Object.keys(kerasOptimizers) as OptimizerName[];
  return names.find((name) => kerasOptimizers[name].className === className)!; // every class stands there
}
