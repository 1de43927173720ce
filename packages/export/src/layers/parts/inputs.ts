import { ResonnxError } from "@resonnx/base";
import { printType, type Value } from "@resonnx/onnx";
import type { CallContext } from "../rule.ts";

/** The only input of a call. */
export function only({ inputs, where }: CallContext): Value {
  const [input, ...more] = inputs;
  if (!input || more.length > 0)
    throw new ResonnxError("bad-input", { where, what: "number of inputs", got: `${inputs.length}`, wanted: "1" });
  return input;
}

/** The only input, of a rank that the layer is defined for. */
export function onlyOfRank(context: CallContext, rank: number): Value {
  const input = only(context);
  if (input.rank !== rank)
    throw new ResonnxError("bad-input", {
      where: context.where,
      what: "rank of the input",
      got: printType(input.type),
      wanted: `rank ${rank}`,
    });
  return input;
}

/** An axis of the only input, counted from the front; the batch axis is refused. */
export const axisOfInput = (context: CallContext, axis: number): number => axisOf(context, only(context), axis);

/** An axis of one of the inputs, counted from the front; the batch axis is refused. */
export function axisOf({ where }: CallContext, { rank }: Value, axis: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive < 1 || positive >= rank)
    throw new ResonnxError("bad-input", {
      where,
      what: "an axis in the config",
      got: `${axis}`,
      wanted: `an axis from 1 to ${rank - 1}`,
    });
  return positive;
}

/** The sizes of some axes, which the layer needs as numbers. */
export function knownSizes({ where }: CallContext, x: Value, axes: readonly number[]): number[] {
  const sizes = axes.map((axis) => x.shape[axis]).filter((size) => typeof size === "number");
  if (sizes.length === axes.length) return sizes;
  throw new ResonnxError("unsupported", {
    where,
    what: "needs to know the size of an axis when the model is exported",
    got: printType(x.type),
  });
}

/** Two inputs at least, and `most` at most. */
export function several(
  { inputs, where }: CallContext,
  most = Number.POSITIVE_INFINITY,
): readonly [Value, Value, ...Value[]] {
  const [first, second, ...rest] = inputs;
  if (!first || !second || inputs.length > most)
    throw new ResonnxError("bad-input", {
      where,
      what: "number of inputs",
      got: `${inputs.length}`,
      wanted: most === 2 ? "2" : "2 or more",
    });
  return [first, second, ...rest];
}
