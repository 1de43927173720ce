import type { Builder, Value } from "@resonnx/onnx";
import { several } from "./parts/inputs.ts";
import { mergeMasks } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** Inputs of lower rank get axes of size 1 behind the batch, as Keras and tfjs have it. */
function ofOneRank(b: Builder, inputs: readonly Value[]): readonly Value[] {
  const rank = Math.max(...inputs.map((input) => input.rank));
  return inputs.map((input) => {
    const axes = Array.from({ length: rank - input.rank }, (_, i) => i + 1);
    return axes.length === 0 ? input : b.op("Unsqueeze", [input, b.ints(axes)], {});
  });
}

type Combine = (b: Builder, inputs: readonly Value[], name: string) => Value;

/** Elementwise over two or more inputs, broadcast. */
const merge = (combine: Combine, most?: number) =>
  layer({
    config: {},
    masks: mergeMasks,
    emit: (call) => combine(call.b, ofOneRank(call.b, several(call, most)), call.name),
  });

const pairwise =
  (op: "Add" | "Mul" | "Sub"): Combine =>
  (b, [first, ...rest], name) =>
    rest.reduce((result, input) => b.op(op, [result, input], {}, name), first!);

export const Add = merge(pairwise("Add"));
export const Multiply = merge(pairwise("Mul"));
export const Subtract = merge(pairwise("Sub"), 2);
export const Average = merge((b, inputs, name) =>
  b.op("Mul", [pairwise("Add")(b, inputs, `${name}/sum`), 1 / inputs.length], {}, name),
);
export const Maximum = merge((b, inputs, name) => b.op("Max", inputs, {}, name));
export const Minimum = merge((b, inputs, name) => b.op("Min", inputs, {}, name));
