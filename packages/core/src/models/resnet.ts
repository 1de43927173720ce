import * as tf from "@tensorflow/tfjs";
import { DEPTHS, type Depth, EXPANSION, FORMS, type Form, STAGES } from "./architecture.ts";
import { type Kit, kitOf } from "./kit.ts";
import { checkNetworkOptions, type NetworkOptions } from "./network-options.ts";

/** A ResNet as its papers and their libraries build it; default 224x224x3 pictures, 1000 classes, momentum 0.99. */
export interface ResNetOptions extends NetworkOptions {
  readonly depth: Depth;
  readonly form: Form;
}

/**
 * A ResNet with the layer names of Keras' applications, not compiled: input `input_1` [n, height, width, channels], output
 * `predictions` [n, classes] softmax. Throws `bad-input`.
 */
export function resnet(options: ResNetOptions): tf.LayersModel {
  const { depth, form, inputShape = [224, 224, 3], classes = 1000 } = options;
  checkNetworkOptions(`resnet${depth}-${form}`, options);
  const input = tf.input({ name: "input_1", shape: [...inputShape] });
  const { bottleneck, blocks } = DEPTHS[depth];
  const kit = kitOf(input, { ...FORMS[form], ...options });
  let x = stem(input, kit, form);
  for (const [i, { channels, strides }] of STAGES.entries()) {
    const count = blocks[i]!;
    for (let block = 1; block <= count; block++) {
      const name = `conv${i + 2}_block${block}`;
      const shape = { name, channels, bottleneck, residualScale: options.residualScale };
      // v2 makes a stage's pictures smaller at its end, the others at its beginning.
      x = FORMS[form].preactivation
        ? preactivated(x, kit, { ...shape, strides: block === count ? (STAGES[i + 1]?.strides ?? 1) : 1 })
        : activated(x, kit, { ...shape, strides: block === 1 ? strides : 1 }, FORMS[form].stridesOn);
    }
  }
  if (FORMS[form].preactivation) x = kit.relu(kit.norm(x, "post_bn"), "post_relu");
  return tf.model({ name: `resnet${depth}${form}`, inputs: input, outputs: kit.head(x, classes) });
}

function stem(input: tf.SymbolicTensor, kit: Kit, form: Form): tf.SymbolicTensor {
  const { preactivation, bias } = FORMS[form];
  let x = kit.pad(input, "conv1_pad", 3);
  x = kit.conv(x, "conv1_conv", { filters: 64, size: 7, strides: 2, bias: bias || preactivation });
  if (!preactivation) x = kit.relu(kit.norm(x, "conv1_bn"), "conv1_relu");
  return kit.maxPool(kit.pad(x, "pool1_pad", 1), "pool1_pool", 3, 2);
}

interface Block {
  /** Of its layers, in front. */
  readonly name: string;
  readonly channels: number;
  readonly bottleneck: boolean;
  readonly strides: number;
  readonly residualScale: number | undefined;
}

/** Convolutions with normalization and ReLU behind them, the input added back, ReLU. */
function activated(x: tf.SymbolicTensor, kit: Kit, block: Block, stridesOn: "first" | "middle"): tf.SymbolicTensor {
  const { name, channels, bottleneck, strides, residualScale } = block;
  const filters = bottleneck ? EXPANSION * channels : channels;
  const fits = strides === 1 && x.shape.at(-1) === filters;
  const shortcut = fits ? x : kit.norm(kit.conv(x, `${name}_0_conv`, { filters, size: 1, strides }), `${name}_0_bn`);
  const [first, middle] = stridesOn === "first" || !bottleneck ? [strides, 1] : [1, strides];
  let y = kit.window(x, `${name}_1`, { filters: channels, size: bottleneck ? 1 : 3, strides: first });
  y = kit.relu(kit.norm(y, `${name}_1_bn`), `${name}_1_relu`);
  const window = kit.window(y, `${name}_2`, { filters: channels, size: 3, strides: middle });
  y = kit.norm(window, `${name}_2_bn`, bottleneck ? 1 : residualScale);
  if (bottleneck) {
    y = kit.conv(kit.relu(y, `${name}_2_relu`), `${name}_3_conv`, { filters, size: 1, strides: 1 });
    y = kit.norm(y, `${name}_3_bn`, residualScale);
  }
  return kit.relu(kit.add([shortcut, y], `${name}_add`), `${name}_out`);
}

/** Normalization and ReLU, then convolutions; the input is added back as it is where its shape allows. */
function preactivated(x: tf.SymbolicTensor, kit: Kit, block: Block): tf.SymbolicTensor {
  const { name, channels, bottleneck, strides } = block;
  const filters = bottleneck ? EXPANSION * channels : channels;
  const active = kit.relu(kit.norm(x, `${name}_preact_bn`), `${name}_preact_relu`);
  const same = strides > 1 ? kit.maxPool(x, `${name}_0_pool`, 1, strides) : x;
  const shortcut =
    x.shape.at(-1) === filters ? same : kit.conv(active, `${name}_0_conv`, { filters, size: 1, strides, bias: true });
  let y = kit.window(active, `${name}_1`, { filters: channels, size: bottleneck ? 1 : 3, strides: 1 });
  y = kit.relu(kit.norm(y, `${name}_1_bn`), `${name}_1_relu`);
  const last = { filters: channels, size: 3, strides, bias: !bottleneck };
  y = kit.window(y, `${name}_2`, last);
  if (bottleneck) {
    y = kit.relu(kit.norm(y, `${name}_2_bn`), `${name}_2_relu`);
    y = kit.conv(y, `${name}_3_conv`, { filters, size: 1, strides: 1, bias: true });
  }
  return kit.add([shortcut, y], `${name}_out`);
}
