import type { Value } from "@resonnx/onnx";
import type { CallContext } from "../rule.ts";

interface DropOptions {
  /** Of what is drawn, which stretches; default `x`'s own. */
  readonly shape?: Value["shape"];
  /** The node's. */
  readonly name?: string;
}

/** Dropout (Srivastava et al. 2014), inverted: in training zeros a share of `x` and scales the rest up by as much. */
export function drop(call: CallContext, x: Value, share: number, { shape = x.shape, name }: DropOptions = {}): Value {
  if (!call.training || share === 0) return x;
  const mask = call.random({ from: "keep", rate: share, value: 1 / (1 - share) }, shape);
  return call.b.op("Mul", [x, mask], {}, name);
}
