import { staticShape } from "../../autodiff/vjps.ts";
import { isStatic } from "../../ir/types.ts";
import type { Value } from "../../ir/value.ts";
import type { Attrs } from "../../ops/index.ts";
import type { Rule } from "../translation.ts";

/*
 * Average pooling whose only window is the whole picture: the mean over the pixels in whatever order they are held.
 * onnxruntime's pooling wants channels first, and takes ten times as long on maps of a few pixels.
 */

/** Whether the one window covers `x` [n, c, ...sizes] and nothing beside it. */
export const coversPicture = ({ shape }: Value, { kernel_shape, pads = [] }: Attrs<"AveragePool">): boolean =>
  isStatic(shape) && kernel_shape.every((size, i) => size === shape[i + 2]) && pads.every((pad) => pad === 0);

export const meanPool: Rule<"AveragePool" | "GlobalAveragePool"> = (node, t) => {
  const { stored, order } = t.view(node.inputs[0]!);
  const axes = order.flatMap((axis, held) => (axis >= 2 ? [held] : []));
  t.set(node.output, t.b.op("ReduceMean", [stored], { axes, keepdims: 1 }, node.name), order);
};

/** Every pixel gets an even share of dy. */
export const meanPoolGrad: Rule<"AveragePoolGrad"> = (node, t) => {
  const [dy, x] = node.inputs;
  const { order } = t.view(x!);
  const sizes = staticShape(x!.shape);
  const pixels = sizes.slice(2).reduce((a, size) => a * size, 1);
  const share = t.b.filled(
    order.map((axis) => (axis >= 2 ? sizes[axis]! : 1)),
    1 / pixels,
  );
  t.set(node.output, t.b.mul(t.read(dy!, order), share), order);
};
