import type { WriteOptions } from "@resonnx/keras";
import type { OptimizerName } from "@resonnx/onnx";
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

/** What Keras' `load_model` compiles a run's model with, so that `evaluate` works at once. */
export function kerasCompile({ optimizer, learningRate }: RunConfig): NonNullable<WriteOptions["compile"]> {
  const { className, config } = kerasOptimizers[optimizer];
  return {
    optimizer: { className, config: { learning_rate: learningRate, ...config } },
    loss: "categorical_crossentropy",
    metrics: ["accuracy"],
  };
}
