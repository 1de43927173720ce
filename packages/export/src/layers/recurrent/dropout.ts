import type { Builder, Value } from "@resonnx/onnx";
import { rate } from "../parts/rate.ts";
import type { CallContext } from "../rule.ts";

/** Keras' shares of a cell's input and of its state, before their products, that are dropped in training. */
export const cellDropout = { dropout: rate, recurrent_dropout: rate };

/**
 * Drops a share of what a cell reads. One draw [batch, features] serves all steps of a call (Gal & Ghahramani 2016):
 * for x [batch, features], or [batch, time, features].
 */
export function dropping(call: CallContext, share: number): (b: Builder, x: Value) => Value {
  if (!call.training || share === 0) return (_b, x) => x;
  let mask: Value | undefined;
  return (b, x) => {
    mask ??= call.random({ from: "keep", rate: share, value: 1 / (1 - share) }, [x.shape[0]!, x.shape.at(-1)!]);
    return b.mul(x, x.rank === 3 ? b.op("Unsqueeze", [mask, b.ints([1])], {}) : mask);
  };
}
