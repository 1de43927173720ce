import type { OptimizerName } from "@resonnx/onnx";
import type { Tensor } from "@tensorflow/tfjs";

/** What one parameter's update reads; `slots` and `scalars` are those of the optimizer of that name in @resonnx/onnx. */
export interface Update {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly slots: readonly Tensor[];
  readonly scalars: readonly number[];
}

/** The parameter, then its slots, after this step. */
export type Updated = readonly [Tensor, ...Tensor[]];

const BETA1 = 0.9;
const BETA2 = 0.999;
const MOMENTUM = 0.9;

/** The step graphs' optimizers in tfjs, formula for formula, so that either engine continues the other's checkpoints. */
export const updates: { readonly [O in OptimizerName]: (update: Update) => Updated } = {
  adam({ parameter, gradient, slots: [m, v], scalars: [rate, epsilon] }) {
    const nextM = m!.mul(BETA1).add(gradient);
    const nextV = v!.mul(BETA2).add(gradient.square());
    const move = nextM.mul(rate!).div(nextV.sqrt().add(epsilon!));
    return [parameter.sub(move), nextM, nextV];
  },
  momentum({ parameter, gradient, slots: [velocity], scalars: [rate] }) {
    const next = velocity!.mul(MOMENTUM).add(gradient);
    return [parameter.sub(next.mul(rate!)), next];
  },
  sgd: ({ parameter, gradient, scalars: [rate] }) => [parameter.sub(gradient.mul(rate!))],
};
