import type { Builder } from "../../builder/builder.ts";
import { axisOf } from "../../infer/rules.ts";
import type { Value } from "../../ir/value.ts";
import type { Vjp } from "../vjp.ts";

interface Normal {
  /** x̂ = (x - mean) / deviation */
  readonly normal: Value;
  readonly deviation: Value;
}

function normalized(b: Builder, x: Value, axes: readonly number[], epsilon: number): Normal {
  const centred = b.sub(x, b.mean(x, axes, 1));
  const deviation = b.sqrt(b.add(b.mean(b.mul(centred, centred), axes, 1), epsilon));
  return { normal: b.div(centred, deviation), deviation };
}

/** dx = (g - mean(g) - x̂ · mean(g · x̂)) / deviation (Ba et al. 2016; Ioffe & Szegedy 2015, section 3, over other axes). */
const through = (b: Builder, g: Value, { normal, deviation }: Normal, axes: readonly number[]): Value => {
  const slope = b.mul(normal, b.mean(b.mul(g, normal), axes, 1));
  return b.div(b.sub(b.sub(g, b.mean(g, axes, 1)), slope), deviation);
};

export const layerNormalization: Vjp<"LayerNormalization"> = ({ b, node, x: [x, scale, bias], dy }) => {
  const first = axisOf(node.attrs.axis, x!.rank);
  const axes = [...x!.shape.keys()].slice(first);
  const normal = normalized(b, x!, axes, node.attrs.epsilon);
  return [through(b, b.mul(dy, scale!), normal, axes), b.mul(dy, normal.normal), ...(bias ? [dy] : [])];
};

export const instanceNormalization: Vjp<"InstanceNormalization"> = ({ b, node, x: [x, scale], dy }) => {
  const axes = [...x!.shape.keys()].slice(2);
  const others = [0, ...axes];
  const normal = normalized(b, x!, axes, node.attrs.epsilon);
  const perChannel = b.reshape(scale!, [scale!.shape[0] as number, ...axes.map(() => 1)]);
  return [
    through(b, b.mul(dy, perChannel), normal, axes),
    b.sum(b.mul(dy, normal.normal), others, 0),
    b.sum(dy, others, 0),
  ];
};

/** In inference form the statistics are constants: y = (x - mean) / sqrt(variance + epsilon) * scale + bias. */
export const batchNormalization: Vjp<"BatchNormalization"> = ({ b, node, x: [x, scale, , mean, variance], dy }) => {
  const { epsilon, training_mode } = node.attrs;
  if (training_mode) return b.ops("BatchNormGrad", [dy, x, scale], { epsilon }, 3);
  const channels = [scale!.shape[0] as number, ...new Array<number>(x!.rank - 2).fill(1)];
  const axes = x!.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const deviation = b.sqrt(b.add(variance!, epsilon));
  const centred = b.div(b.sub(x!, b.reshape(mean!, channels)), b.reshape(deviation, channels));
  return [
    b.mul(dy, b.reshape(b.div(scale!, deviation), channels)),
    b.sum(b.mul(dy, centred), axes, 0),
    b.sum(dy, axes, 0),
  ];
};
