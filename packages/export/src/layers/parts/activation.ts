import { ResonnxError } from "@resonnx/base";
import { type Builder, printType, type Value } from "@resonnx/onnx";
import type { Field } from "../../config/fields.ts";

type Emit = (b: Builder, x: Value, name: string) => Value;

const hardSigmoid =
  (alpha: number): Emit =>
  (b, x, name) =>
    b.op("HardSigmoid", [x], { alpha, beta: 0.5 }, name);

/** x * sigmoid(x) */
const silu: Emit = (b, x, name) => b.op("Mul", [x, b.op("Sigmoid", [x], {})], {}, name);
/** x * relu6(x + 3) / 6 */
const hardSilu: Emit = (b, x, name) => b.op("Mul", [x, hardSigmoid(1 / 6)(b, x, `${name}/gate`)], {}, name);
const elu: Emit = (b, x, name) => b.op("Elu", [x], { alpha: 1 }, name);

/** scale * elu(x, alpha): Klambauer et al., Self-Normalizing Neural Networks (2017). */
const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

/**
 * Keras' activations by the name in a config, written in operators that run on WebGPU too. Each name has one meaning:
 * where formats disagree, `source/dialect.ts` has renamed it.
 */
const activations = {
  celu: elu, // with alpha 1, all that a name can say
  elu,
  exponential: (b, x, name) => b.op("Exp", [x], {}, name),
  gelu: (b, x, name) => b.op("Mul", [b.mul(x, 0.5), b.add(b.op("Erf", [b.div(x, Math.SQRT2)], {}), 1)], {}, name),
  gelu_new: (b, x, name) => {
    const cubic = b.mul(b.add(x, b.mul(b.mul(b.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    return b.op("Mul", [b.mul(x, 0.5), b.add(b.op("Tanh", [cubic], {}), 1)], {}, name);
  },
  // The first half of the last axis times the sigmoid of the second.
  glu: (b, x, name) => {
    const last = x.shape.at(-1);
    if (typeof last !== "number" || last % 2 !== 0)
      throw new ResonnxError("bad-input", { where: name, what: "glu halves the last axis", got: printType(x.type) });
    const middle = last / 2;
    const half = (begin: number, end: number): Value =>
      b.op("Slice", [x, b.ints([begin]), b.ints([end]), b.ints([-1])], {});
    return b.op("Mul", [half(0, middle), b.op("Sigmoid", [half(middle, 2 * middle)], {})], {}, name);
  },
  hard_shrink: (b, x, name) => b.op("Where", [b.greater(b.op("Abs", [x], {}), 0.5), x, 0], {}, name),
  hard_sigmoid: hardSigmoid(0.2),
  hard_silu: hardSilu,
  hard_swish: hardSilu,
  hard_tanh: (b, x, name) => b.op("Clip", [x, -1, 1], {}, name),
  keras3_hard_sigmoid: hardSigmoid(1 / 6),
  leaky_relu: (b, x, name) => b.op("LeakyRelu", [x], { alpha: 0.2 }, name),
  linear: (_b, x) => x,
  log_sigmoid: (b, x, name) => b.op("Neg", [b.op("Softplus", [b.neg(x)], {})], {}, name),
  log_softmax: (b, x, name) => b.op("LogSoftmax", [x], { axis: -1 }, name),
  mish: (b, x, name) => b.op("Mul", [x, b.op("Tanh", [b.op("Softplus", [x], {})], {})], {}, name),
  relu: (b, x, name) => b.op("Relu", [x], {}, name),
  relu6: (b, x, name) => b.op("Clip", [x, 0, 6], {}, name),
  selu: (b, x, name) => b.op("Mul", [b.op("Elu", [x], { alpha: SELU.alpha }), SELU.scale], {}, name),
  sigmoid: (b, x, name) => b.op("Sigmoid", [x], {}, name),
  silu,
  soft_shrink: (b, x, name) => b.op("Sub", [x, b.op("Clip", [x, -0.5, 0.5], {})], {}, name),
  softmax: (b, x, name) => b.op("Softmax", [x], { axis: -1 }, name),
  softplus: (b, x, name) => b.op("Softplus", [x], {}, name),
  softsign: (b, x, name) => b.op("Div", [x, b.add(b.op("Abs", [x], {}), 1)], {}, name),
  // 0 up to -1, x from 1 on, ((x + 1) / 2)² between.
  sparse_plus: (b, x, name) => {
    const between = b.mul(b.op("Clip", [b.add(x, 1), 0, 2], {}), 0.5);
    return b.op("Add", [b.mul(between, between), b.relu(b.sub(x, 1))], {}, name);
  },
  sparse_sigmoid: hardSigmoid(0.5),
  squareplus: (b, x, name) => b.op("Mul", [b.add(x, b.sqrt(b.add(b.mul(x, x), 4))), 0.5], {}, name),
  swish: silu,
  tanh: (b, x, name) => b.op("Tanh", [x], {}, name),
  tanh_shrink: (b, x, name) => b.op("Sub", [x, b.op("Tanh", [x], {})], {}, name),
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
