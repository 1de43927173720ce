import { axisOf, like, operand, refuse } from "../infer/rules.ts";
import { compatible, type TensorType } from "../ir/types.ts";
import { op } from "./op.ts";

/** ONNX's default for BatchNormalization's `momentum`. */
export const BATCH_NORM_MOMENTUM = 0.9;

/**
 * BatchNormalization(x [N,C,...], scale [C], bias [C], mean [C], variance [C]).
 * With `training_mode` 1 it has three outputs: y, and the running mean and variance after this batch
 * (`running * momentum + batch * (1 - momentum)`, population variance).
 */
export const BatchNormalization = op({
  attrs: { epsilon: "float", momentum: "float?", training_mode: "int?" },
  arity: [5, 5],
  infer(inputs, attrs, outputs) {
    const x = operand(inputs, 0);
    if (x.rank < 2) throw refuse("input needs a batch and a channel axis", `rank ${x.rank}`);
    for (let i = 1; i < 5; i++) {
      const parameter = operand(inputs, i);
      if (!compatible(parameter.shape, [x.shape[1]!]))
        throw refuse(`input ${i} needs one number a channel`, `[${parameter.shape}]`, `[${x.shape[1]}]`);
    }
    if (outputs !== (attrs.training_mode ? 3 : 1))
      throw refuse("number of outputs does not fit training_mode", `${outputs}`);
    const running: TensorType = like(operand(inputs, 3));
    return attrs.training_mode ? [like(x), running, running] : [like(x)];
  },
});

/** InstanceNormalization(x [N,C,...], scale [C], bias [C]): statistics over all that follows the channel. */
export const InstanceNormalization = op({
  attrs: { epsilon: "float" },
  arity: [3, 3],
  infer(inputs) {
    const x = operand(inputs, 0);
    if (x.rank < 3) throw refuse("input needs a batch, a channel and a further axis", `rank ${x.rank}`);
    for (const i of [1, 2])
      if (!compatible(operand(inputs, i).shape, [x.shape[1]!]))
        throw refuse(`input ${i} needs one number a channel`, `[${operand(inputs, i).shape}]`, `[${x.shape[1]}]`);
    return [like(x)];
  },
});

/** LayerNormalization(x, scale, bias?): statistics over `axis` and what follows; the mean and 1/deviation as further outputs. */
export const LayerNormalization = op({
  attrs: { axis: "int", epsilon: "float" },
  arity: [2, 3],
  infer(inputs, attrs, outputs) {
    const x = operand(inputs, 0);
    const axis = axisOf(attrs.axis, x.rank);
    const statistic: TensorType = { dtype: x.type.dtype, shape: x.shape.map((dim, i) => (i < axis ? dim : 1)) };
    return [like(x), statistic, statistic].slice(0, outputs);
  },
});
