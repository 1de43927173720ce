import type { Attrs, OpName } from "../ops/index.ts";
import type { TensorType } from "./types.ts";
import { Value } from "./value.ts";

/** One operator application. Its op, attributes and outputs never change; its inputs change through Graph alone. */
export class Node<K extends OpName = OpName> {
  readonly op: K;
  readonly attrs: Attrs<K>;
  readonly outputs: readonly Value[];
  /** Positional; `undefined` is an optional input that is left out. Written by Graph. */
  inputs: readonly (Value | undefined)[];
  name: string | undefined;
  /** The source's layers or operators that it does the work of; for reports. */
  origins: readonly string[] = [];

  constructor(
    op: K,
    inputs: readonly (Value | undefined)[],
    attrs: Attrs<K>,
    types: readonly TensorType[],
    name?: string,
  ) {
    this.op = op;
    this.inputs = inputs;
    this.attrs = attrs;
    this.name = name;
    this.outputs = types.map((type) => new Value(type, { producer: this }));
  }

  get output(): Value {
    return this.outputs[0]!;
  }

  /** Narrows the node to one operator: `if (node.is("Conv")) node.attrs.pads`. */
  is<N extends OpName>(op: N): this is Node<N> {
    return (this.op as OpName) === op;
  }
}
