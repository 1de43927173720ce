import { ResonnxError } from "@resonnx/base";
import * as tf from "@tensorflow/tfjs";
import { tfUniform } from "./tf-uniform.ts";

type Initializer = ReturnType<typeof tf.initializers.glorotUniform>;

/**
 * Glorot and Bengio's uniform initializer with TF1's random numbers: values in [-limit, limit), limit = sqrt(6 / (fanIn + fanOut)).
 *
 * It goes by Keras' class name and config, so a saved model opens in Keras and in plain tfjs, which then use their own generators
 * should they ever initialize anew.
 */
class SeededGlorotUniform extends baseInitializer() {
  static className = "GlorotUniform";
  readonly seed: number;

  constructor(seed: number) {
    super();
    this.seed = seed;
  }

  apply(shape: tf.Shape): tf.Tensor {
    const sizes = shape.map(Number);
    const limit = glorotLimit(sizes);
    const count = sizes.reduce((product, size) => product * size, 1);
    return tf.tensor(tfUniform(count, -limit, limit, this.seed), sizes);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { seed: this.seed };
  }
}

/** A tfjs initializer for `glorot_uniform(seed)` as TensorFlow 1 computes it; `seed` is an integer in [0, 2^53). */
export function glorotUniform({ seed }: { readonly seed: number }): Initializer {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ResonnxError("bad-input", {
      where: "glorotUniform seed",
      what: "not a seed",
      got: String(seed),
      wanted: "an integer from 0 to 2^53 - 1",
    });
  }
  return new SeededGlorotUniform(seed);
}

/** tfjs takes only instances of its `Initializer`, an abstract class that it doesn't export: it is the base of `Zeros`. */
function baseInitializer(): abstract new () => Initializer {
  return Object.getPrototypeOf(Object.getPrototypeOf(tf.initializers.zeros())).constructor;
}

/** Bound of Glorot's uniform values, with Keras' `_compute_fans` for a kernel [...receptive field, in, out]; other ranks than 2 to 5 count as square. */
export function glorotLimit(shape: readonly number[]): number {
  const product = shape.reduce((a, b) => a * b, 1);
  const [fanIn, fanOut] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const field = product / (fanIn * fanOut);
  const fans = shape.length >= 2 && shape.length <= 5 ? (fanIn + fanOut) * field : 2 * Math.sqrt(product);
  return Math.sqrt(3 / Math.max(1, fans / 2));
}
