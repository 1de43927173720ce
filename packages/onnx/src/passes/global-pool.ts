import { axesOf } from "../infer/rules.ts";
import type { Node } from "../ir/node.ts";
import { localPass, type Rewrite, skip } from "./local.ts";

/** Whether the node reduces all axes behind batch and channels, and leaves them in place. */
const isGlobal = (node: Node<"ReduceMean">): boolean => {
  const { rank } = node.inputs[0]!;
  const axes = axesOf(node.attrs.axes ?? [...node.inputs[0]!.shape.keys()], rank).sort((a, b) => a - b);
  return rank > 2 && axes.length === rank - 2 && axes.every((axis, i) => axis === i + 2);
};

/** ReduceMean over all spatial axes that keeps them -> GlobalAveragePool. */
export const meanToGlobalPool: Rewrite<"ReduceMean"> = (node, { b }) => {
  if (!node.attrs.keepdims || !isGlobal(node)) return skip("it does not reduce the spatial axes alone, keeping them");
  return b.op("GlobalAveragePool", [node.inputs[0]], {}, node.name);
};

/** AveragePool whose window is the whole picture -> GlobalAveragePool. */
export const poolToGlobalPool: Rewrite<"AveragePool"> = (node, { b }) => {
  const { kernel_shape: kernel, pads = [] } = node.attrs;
  const spatial = node.inputs[0]!.shape.slice(2);
  if (pads.some((pad) => pad !== 0) || spatial.some((dim, axis) => dim !== kernel[axis]))
    return skip("its window is not the whole picture");
  return b.op("GlobalAveragePool", [node.inputs[0]], {}, node.name);
};

export const globalPool = localPass("globalPool", { AveragePool: poolToGlobalPool, ReduceMean: meanToGlobalPool });
