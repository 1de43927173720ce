import type { WriteOptions } from "@resonnx/keras";
import type { OptimizerName, OptimizerOptions } from "@resonnx/onnx";
import type { RunConfig } from "./options.ts";

interface KerasOptimizer {
  readonly className: string;
  /** What Keras' class needs besides the learning rate to be ours. */
  readonly config?: Readonly<Record<string, number | boolean>>;
}

/** Keras' classes of our optimizers. */
const kerasOptimizers: { readonly [K in OptimizerName]: KerasOptimizer } = {
  adadelta: { className: "Adadelta" },
  adagrad: { className: "Adagrad" },
  adam: { className: "Adam" },
  adamax: { className: "Adamax" },
  adamw: { className: "AdamW" },
  lion: { className: "Lion" },
  momentum: { className: "SGD", config: { momentum: 0.9 } },
  nesterov: { className: "SGD", config: { momentum: 0.9, nesterov: true } },
  rmsprop: { className: "RMSprop" },
  sgd: { className: "SGD" },
};

type OptionName = OptimizerOptions extends infer O ? (O extends unknown ? Exclude<keyof O, "name"> : never) : never;

/** What Keras calls our optimizers' options. */
const kerasOptions: { readonly [K in OptionName]: string } = {
  beta1: "beta_1",
  beta2: "beta_2",
  centered: "centered",
  epsilon: "epsilon",
  initialAccumulator: "initial_accumulator_value",
  momentum: "momentum",
  rho: "rho",
  weightDecay: "weight_decay",
};

/** What Keras' `load_model` compiles a run's model with, so that `evaluate` works at once. */
export function kerasCompile({ optimizer, learningRate }: RunConfig): NonNullable<WriteOptions["compile"]> {
  const { name, ...options } = typeof optimizer === "string" ? { name: optimizer } : optimizer;
  const { className, config } = kerasOptimizers[name];
  const renamed = Object.entries(options).map(([option, value]) => [kerasOptions[option as OptionName], value]); // its own
  return {
    optimizer: { className, config: { learning_rate: learningRate, ...config, ...Object.fromEntries(renamed) } },
    loss: "categorical_crossentropy",
    metrics: ["accuracy"],
  };
}
