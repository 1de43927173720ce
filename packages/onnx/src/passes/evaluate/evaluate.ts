import type { Node } from "../../ir/node.ts";
import type { Tensor } from "../../ir/tensor.ts";
import type { DataType } from "../../ir/types.ts";

export interface StaticType {
  readonly dtype: DataType;
  readonly dims: readonly number[];
}

/** The node's output, of that type, from its constant inputs; undefined where their element type has no rule. */
export type Evaluate = (node: Node, inputs: readonly Tensor[], type: StaticType) => Tensor | undefined;
