import { ResonnxError } from "@resonnx/base";
import { type Attrs, type OpName, ops } from "../ops/index.ts";
import type { Op } from "../ops/op.ts";
import { Node } from "./node.ts";
import type { Tensor } from "./tensor.ts";
import { compatible, printType, type TensorType } from "./types.ts";
import { Value } from "./value.ts";

export interface GraphOutput {
  readonly name: string;
  readonly value: Value;
}

/**
 * A computation as a value.
 *
 * - A value has at most one producer, and belongs to one graph.
 * - A node never changes its op, attributes or outputs; its inputs change only here.
 * - Every node has known output types from the moment it exists.
 * - `users` names exactly the nodes of this graph that read a value.
 * - `order()` is deterministic: the order of appending wherever dependencies allow it.
 */
export class Graph {
  readonly inputs: Value[] = [];
  readonly outputs: GraphOutput[] = [];
  readonly nodes = new Set<Node>();
  name: string;
  /** What the nodes appended from now on come from. */
  origins: readonly string[] = [];

  constructor(name = "graph") {
    this.name = name;
  }

  input(name: string, type: TensorType): Value {
    if (this.inputs.some((input) => input.name === name)) throw this.error(name, "a second input of that name");
    const value = new Value(type, { name });
    this.inputs.push(value);
    return value;
  }

  constant(data: Tensor, name?: string): Value {
    return new Value({ dtype: data.dtype, shape: data.dims }, { constant: data, name });
  }

  output(name: string, value: Value): void {
    if (this.outputs.some((output) => output.name === name)) throw this.error(name, "a second output of that name");
    this.outputs.push({ name, value });
  }

  /** Appends a node; `outputs` counts its outputs where the operator has optional ones. */
  append<K extends OpName>(
    op: K,
    inputs: readonly (Value | undefined)[],
    attrs: Attrs<K>,
    options: { name?: string | undefined; outputs?: number } = {},
  ): Node<K> {
    const schema = ops[op] as unknown as Op;
    const [least, most] = schema.arity;
    if (inputs.length < least || inputs.length > most) {
      throw this.error(
        options.name ?? op,
        `${op} takes another number of inputs`,
        `${inputs.length}`,
        `${least} to ${most}`,
      );
    }
    const types = this.inferred(op, schema, inputs, attrs, options);
    const node = new Node(op, inputs, attrs, types, options.name);
    node.origins = this.origins;
    for (const input of inputs) input?.users.add(node);
    this.nodes.add(node);
    return node;
  }

  /** `append` for operators with one output. */
  op<K extends OpName>(op: K, inputs: readonly (Value | undefined)[], attrs: Attrs<K>, name?: string): Value {
    return this.append(op, inputs, attrs, { name }).output;
  }

  /** Readers of `from`, graph outputs included, read `to` instead. */
  replaceAllUses(from: Value, to: Value): void {
    if (from.type.dtype !== to.type.dtype || !compatible(from.shape, to.shape)) {
      throw this.error(
        from.name ?? "value",
        "can't be replaced by a value of another type",
        printType(to.type),
        printType(from.type),
      );
    }
    for (const user of [...from.users])
      this.setInputs(
        user,
        user.inputs.map((input) => (input === from ? to : input)),
      );
    for (const [i, output] of this.outputs.entries())
      if (output.value === from) this.outputs[i] = { name: output.name, value: to };
  }

  /** An input of another type in the place of `old`, whose readers read what `adapt` makes of it. */
  replaceInput(old: Value, type: TensorType, adapt: (input: Value) => Value): void {
    const at = this.inputs.indexOf(old);
    if (at < 0) throw this.error(old.name ?? "value", "is no input of this graph");
    const input = new Value(type, { ...(old.name !== undefined && { name: old.name }) });
    this.replaceAllUses(old, adapt(input));
    this.inputs[at] = input;
  }

  setInputs(node: Node, inputs: readonly (Value | undefined)[]): void {
    for (const input of node.inputs) input?.users.delete(node);
    node.inputs = inputs;
    for (const input of inputs) input?.users.add(node);
  }

  /** As if `node` had been appended last: it comes after all that don't read what it gives. */
  moveLast(node: Node): void {
    if (this.nodes.delete(node)) this.nodes.add(node);
  }

  /** Takes out every node that no output depends on; how many there were. */
  removeDead(): number {
    const live = new Set(this.order());
    const dead = [...this.nodes].filter((node) => !live.has(node));
    for (const node of dead) {
      for (const input of node.inputs) input?.users.delete(node);
      this.nodes.delete(node);
    }
    return dead.length;
  }

  /** The nodes that the outputs need, dependencies first. Throws on a cycle. */
  order(): Node[] {
    return this.orderOf(this.outputs.map(({ value }) => value));
  }

  /** The nodes that `values` need, dependencies first. */
  orderOf(values: readonly Value[]): Node[] {
    const sorted: Node[] = [];
    const state = new Map<Node, "open" | "done">();
    const visit = (root: Node): void => {
      const stack: { node: Node; next: number }[] = [{ node: root, next: 0 }];
      while (stack.length > 0) {
        const top = stack.at(-1)!;
        state.set(top.node, "open");
        const input = top.node.inputs[top.next++];
        if (top.next <= top.node.inputs.length) {
          const producer = input?.producer;
          if (producer === undefined || state.get(producer) === "done") continue;
          if (state.get(producer) === "open")
            throw this.error(producer.name ?? producer.op, "the graph has a cycle here");
          stack.push({ node: producer, next: 0 });
        } else {
          state.set(top.node, "done");
          sorted.push(top.node);
          stack.pop();
        }
      }
    };
    // Appending order first, so that a graph prints in the order in which it was written.
    const reachable = this.ancestors(values.flatMap((value) => value.producer ?? []));
    for (const node of this.nodes) if (reachable.has(node) && state.get(node) === undefined) visit(node);
    return sorted;
  }

  /** The constants that the outputs need, each once, in order of first use. */
  constants(): Value[] {
    const found = new Set<Value>();
    const read = (value: Value | undefined): void => {
      if (value?.constant) found.add(value);
    };
    for (const node of this.order()) node.inputs.forEach(read);
    for (const output of this.outputs) read(output.value);
    return [...found];
  }

  private ancestors(roots: readonly Node[]): Set<Node> {
    const found = new Set(roots);
    for (const node of found) for (const input of node.inputs) if (input?.producer) found.add(input.producer);
    return found;
  }

  private inferred<K extends OpName>(
    op: K,
    schema: Op,
    inputs: readonly (Value | undefined)[],
    attrs: Attrs<K>,
    options: { name?: string | undefined; outputs?: number },
  ): readonly TensorType[] {
    try {
      return schema.infer(inputs, attrs, options.outputs ?? 1);
    } catch (error) {
      if (!(error instanceof ResonnxError)) throw error;
      throw new ResonnxError(error.code, {
        ...error.facts,
        where: `${this.name}: ${options.name ?? op}`,
        what: `${op}: ${error.facts.what}`,
      });
    }
  }

  private error(where: string, what: string, got?: string, wanted?: string): ResonnxError {
    return new ResonnxError("bad-input", {
      where: `${this.name}: ${where}`,
      what,
      ...(got && { got }),
      ...(wanted && { wanted }),
    });
  }
}
