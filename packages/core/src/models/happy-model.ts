import * as tf from "@tensorflow/tfjs";
import { checkNetworkOptions, type NetworkOptions } from "./network-options.ts";
import { batchNorm, relu, single } from "./residual-block.ts";
import { scopeAfter } from "./scope.ts";

/**
 * The Keras tutorial's HappyModel, not compiled: one 7x7 convolution, pooling and a dense layer `fc`. Input `input_1`
 * [n, height, width, channels], default 64x64x3; output one sigmoid [n, 1] by default, or with `classes` above 1 a softmax
 * [n, classes]. Throws `bad-input`.
 */
export function happyModel(options: NetworkOptions = {}): tf.LayersModel {
  const { inputShape = [64, 64, 3], classes = 1, seed, batchNormMomentum } = options;
  checkNetworkOptions("happyModel", options);
  const input = tf.input({ name: "input_1", shape: [...inputShape] });
  const scope = scopeAfter(input, seed);
  let x = single(tf.layers.zeroPadding2d({ name: scope.name("zero_padding2d"), padding: 3 }).apply(input));
  const conv0 = { name: "conv0", filters: 32, kernelSize: 7, kernelInitializer: scope.kernel() };
  x = batchNorm(single(tf.layers.conv2d(conv0).apply(x)), "bn0", batchNormMomentum);
  x = single(tf.layers.maxPooling2d({ name: "max_pool", poolSize: 2 }).apply(relu(x, scope)));
  x = single(tf.layers.flatten({ name: scope.name("flatten") }).apply(x));
  const activation = classes === 1 ? "sigmoid" : "softmax";
  const fc = { name: "fc", units: classes, activation, kernelInitializer: scope.kernel() } as const;
  return tf.model({ name: "HappyModel", inputs: input, outputs: single(tf.layers.dense(fc).apply(x)) });
}
