import type { Builder, Value } from "@resonnx/onnx";
import type { Field } from "../../config/fields.ts";

type Emit = (b: Builder, x: Value, name: string) => Value;

/** Keras' activations by the name in a config. */
const activations = {
  linear: (_b, x) => x,
  relu: (b, x, name) => b.op("Relu", [x], {}, name),
  sigmoid: (b, x, name) => b.op("Sigmoid", [x], {}, name),
  softmax: (b, x, name) => b.op("Softmax", [x], { axis: -1 }, name),
  tanh: (b, x, name) => b.op("Tanh", [x], {}, name),
} satisfies Record<string, Emit>;

export type ActivationName = keyof typeof activations;
export const activationNames = Object.keys(activations) as ActivationName[];

/** A config's `activation`: a name; none is linear. */
export const activation: Field<ActivationName> = {
  code: "unsupported",
  wanted: activationNames.join(", "),
  parse: (json) => activationNames.find((name) => name === (json ?? "linear")),
};

/** `x` through the activation, as a node called `name`. */
export const activate = (b: Builder, activationName: ActivationName, x: Value, name: string): Value =>
  activations[activationName](b, x, name);
