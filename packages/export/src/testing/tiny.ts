import * as tf from "@tensorflow/tfjs";

/** A float32 tensor of seeded numbers in [-1, 1). */
export function randomTensor(shape: readonly number[], seed = 1): tf.Tensor {
  return tf.randomUniform([...shape], -1, 1, "float32", seed);
}

/** Gives every weight of the model seeded numbers; variances become positive. */
export function randomizeWeights<M extends tf.LayersModel>(model: M, seed = 7): M {
  const weights = model.weights.map((weight, i) => {
    const shape = weight.shape.map(Number);
    return weight.name.includes("variance")
      ? tf.randomUniform(shape, 0.5, 2, "float32", seed + i)
      : tf.randomUniform(shape, -1, 1, "float32", seed + i);
  });
  model.setWeights(weights);
  return model;
}

/** A model of one path: an input of `shape` (without batch) through `layers`. */
export function chain(shape: readonly (number | null)[], ...layers: tf.layers.Layer[]): tf.LayersModel {
  const input = tf.input({ shape: [...shape], name: "input_1" });
  const output = layers.reduce<tf.SymbolicTensor>((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  return randomizeWeights(tf.model({ inputs: input, outputs: output, name: "tiny" }));
}
