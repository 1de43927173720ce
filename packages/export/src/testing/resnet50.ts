import * as tf from "@tensorflow/tfjs";

type Symbolic = tf.SymbolicTensor;

/** Stage, filters, stride and number of blocks: the tutorial's table. */
const STAGES = [
  [2, [64, 64, 256], 1, 3],
  [3, [128, 128, 512], 2, 4],
  [4, [256, 256, 1024], 2, 6],
  [5, [512, 512, 2048], 2, 3],
] as const;

/** The tutorial's ResNet50 for 64x64x3 and 6 classes. */
export function resnet50(): tf.LayersModel {
  let count = 0;
  const apply = (x: Symbolic | Symbolic[], layer: tf.layers.Layer): Symbolic => layer.apply(x) as Symbolic;
  const relu = (x: Symbolic) => apply(x, tf.layers.activation({ activation: "relu", name: `activation_${++count}` }));
  const conv = (x: Symbolic, place: string, filters: number, kernelSize: number, strides: number): Symbolic => {
    const padding = kernelSize === 3 ? "same" : "valid";
    const y = apply(x, tf.layers.conv2d({ filters, kernelSize, strides, padding, name: `res${place}` }));
    return apply(y, tf.layers.batchNormalization({ axis: 3, name: `bn${place}` }));
  };
  const block = (
    x: Symbolic,
    place: string,
    [a, b, c]: readonly number[],
    strides: number,
    project: boolean,
  ): Symbolic => {
    const first = relu(conv(x, `${place}_branch2a`, a!, 1, strides));
    const second = relu(conv(first, `${place}_branch2b`, b!, 3, 1));
    const third = conv(second, `${place}_branch2c`, c!, 1, 1);
    const shortcut = project ? conv(x, `${place}_branch1`, c!, 1, strides) : x;
    return relu(apply([third, shortcut], tf.layers.add({ name: `add_${place}` })));
  };
  const input = tf.input({ shape: [64, 64, 3], name: "input_1" });
  let x = apply(input, tf.layers.zeroPadding2d({ padding: [3, 3] as never, name: "zero_padding2d_1" }));
  x = apply(x, tf.layers.conv2d({ filters: 64, kernelSize: 7, strides: 2, name: "conv1" }));
  x = apply(x, tf.layers.batchNormalization({ axis: 3, name: "bn_conv1" }));
  x = apply(x, tf.layers.maxPooling2d({ poolSize: 3, strides: 2, name: "max_pooling2d_1" }));
  for (const [stage, filters, strides, blocks] of STAGES)
    for (let i = 0; i < blocks; i++) x = block(x, `${stage}${"abcdef"[i]}`, filters, i === 0 ? strides : 1, i === 0);
  x = apply(x, tf.layers.averagePooling2d({ poolSize: 2, padding: "same", name: "avg_pool" }));
  x = apply(
    apply(x, tf.layers.flatten({ name: "flatten_1" })),
    tf.layers.dense({ units: 6, activation: "softmax", name: "fc6" }),
  );
  return tf.model({ inputs: input, outputs: x, name: "ResNet50" });
}
