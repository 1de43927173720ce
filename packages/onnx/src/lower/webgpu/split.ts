import { axisOf } from "../../infer/rules.ts";
import type { Node } from "../../ir/node.ts";
import { copy } from "../rules.ts";
import type { Rule } from "../translation.ts";

/** WebGPU guarantees eight storage buffers a shader (maxStorageBuffersPerShaderStage): one is read, the others are written. */
const MOST_OUTPUTS = 7;

/** Pieces more than one shader can write are cut out one by one. */
export const split: Rule<"Split"> = (node, t) => {
  if (node.outputs.length <= MOST_OUTPUTS) return copy(node as Node, t);
  const { b } = t;
  const x = t.read(node.inputs[0]!);
  const axis = axisOf(node.attrs.axis, x.rank);
  let start = 0;
  for (const output of node.outputs) {
    const end = start + (output.shape[axis] as number);
    t.set(output, b.op("Slice", [x, b.ints([start]), b.ints([end]), b.ints([axis])], {}));
    start = end;
  }
};
