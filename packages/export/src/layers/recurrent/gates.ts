import { ResonnxError } from "@resonnx/base";
import { type Builder, printType, type Value } from "@resonnx/onnx";

/** A weight whose last axis holds `order.length` gates of `units` each, with that axis first and the gates in `order`. */
export function gatesFirst(b: Builder, weight: Value, units: number, order: readonly number[]): Value {
  if (weight.shape.at(-1) !== units * order.length)
    // before a list of that length is made
    throw new ResonnxError("bad-input", {
      where: "recurrent weights",
      what: "number of columns",
      got: printType(weight.type),
      wanted: `${order.length} x ${units}`,
    });
  const turned = weight.rank === 2 ? b.transpose(weight, [1, 0]) : weight;
  if (order.every((gate, i) => gate === i)) return turned;
  const indices = order.flatMap((gate) => Array.from({ length: units }, (_, i) => gate * units + i));
  return b.gather(turned, b.ints(indices), 0);
}

/** The parts of x along its last axis, `units` each. */
export const splitGates = (b: Builder, x: Value, units: number, count: number): readonly Value[] =>
  b.ops("Split", [x, b.ints(new Array<number>(count).fill(units))], { axis: -1 }, count);

/** A bias as ONNX has it, [2 * gates * units]: that of the input, then that of the recurrent product, zeros by default. */
export const biasPair = (b: Builder, input: Value, recurrent?: Value): Value =>
  b.concat([input, recurrent ?? b.filled([input.shape[0] as number], 0)], 0);
