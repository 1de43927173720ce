import type { Node } from "./node.ts";
import type { Tensor } from "./tensor.ts";
import type { TensorType } from "./types.ts";

/**
 * One edge of the graph: a graph input, a constant, or an output of a node. Edges are objects; `name` is a label that
 * matters at the ONNX boundary only.
 */
export class Value {
  /** The nodes that read it. Kept by Graph. */
  readonly users = new Set<Node>();
  readonly type: TensorType;
  /** The node that gives it; absent for graph inputs and constants. */
  readonly producer: Node | undefined;
  readonly constant: Tensor | undefined;
  name: string | undefined;

  constructor(type: TensorType, origin: { producer?: Node; constant?: Tensor; name?: string | undefined }) {
    this.type = type;
    this.producer = origin.producer;
    this.constant = origin.constant;
    this.name = origin.name;
  }

  get shape() {
    return this.type.shape;
  }

  get rank(): number {
    return this.type.shape.length;
  }
}
