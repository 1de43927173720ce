import * as tf from "@tensorflow/tfjs";
import type { NetworkOptions } from "./network-options.ts";
import { single, startingAt } from "./residual-block.ts";
import { scopeAfter } from "./scope.ts";

export interface KitOptions extends NetworkOptions {
  /** Whether convolutions have biases unless they say so. */
  readonly bias: boolean;
  /** Of the batch normalizations. */
  readonly epsilon: number;
}

export interface ConvOptions {
  readonly filters: number;
  readonly size: number;
  readonly strides: number;
  readonly bias?: boolean;
}

/** The layers of one network: named by the caller, their kernels seeded in the order in which they are made. */
export interface Kit {
  /** Zeros on all four sides. */
  pad(x: tf.SymbolicTensor, name: string, size: number): tf.SymbolicTensor;
  /** Without padding. */
  conv(x: tf.SymbolicTensor, name: string, options: ConvOptions): tf.SymbolicTensor;
  /** `{name}_conv` behind `{name}_pad`, so that every window begins size / 2 outside, at any strides; a 1x1 window has no pad. */
  window(x: tf.SymbolicTensor, name: string, options: ConvOptions): tf.SymbolicTensor;
  /** `scale` is where its scale starts, 1 by default. */
  norm(x: tf.SymbolicTensor, name: string, scale?: number): tf.SymbolicTensor;
  relu(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor;
  maxPool(x: tf.SymbolicTensor, name: string, poolSize: number, strides: number): tf.SymbolicTensor;
  add(parts: readonly tf.SymbolicTensor[], name: string): tf.SymbolicTensor;
  /** `avg_pool` over all positions and a softmax layer `predictions`. */
  head(x: tf.SymbolicTensor, classes: number): tf.SymbolicTensor;
}

export function kitOf(input: tf.SymbolicTensor, options: KitOptions): Kit {
  const { layers } = tf;
  const { bias, epsilon, batchNormMomentum = 0.99 } = options;
  const scope = scopeAfter(input, options.seed);
  const kit: Kit = {
    pad: (x, name, padding) => single(layers.zeroPadding2d({ name, padding }).apply(x)),
    conv: (x, name, { filters, size, strides, bias: useBias = bias }) =>
      single(
        layers
          .conv2d({ name, filters, kernelSize: size, strides, useBias, kernelInitializer: scope.kernel() })
          .apply(x),
      ),
    window(x, name, conv) {
      const padding = Math.floor(conv.size / 2);
      return kit.conv(padding === 0 ? x : kit.pad(x, `${name}_pad`, padding), `${name}_conv`, conv);
    },
    norm(x, name, scale = 1) {
      const config = { name, axis: 3, epsilon, momentum: batchNormMomentum, ...startingAt(scale) };
      return single(layers.batchNormalization(config).apply(x));
    },
    relu: (x, name) => single(layers.activation({ name, activation: "relu" }).apply(x)),
    maxPool: (x, name, poolSize, strides) => single(layers.maxPooling2d({ name, poolSize, strides }).apply(x)),
    add: (parts, name) => single(layers.add({ name }).apply([...parts])),
    head(x, units) {
      const pooled = single(layers.globalAveragePooling2d({ name: "avg_pool", dataFormat: "channelsLast" }).apply(x));
      const dense = { name: "predictions", units, activation: "softmax", kernelInitializer: scope.kernel() } as const;
      return single(layers.dense(dense).apply(pooled));
    },
  };
  return kit;
}
