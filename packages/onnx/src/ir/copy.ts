import { Graph } from "./graph.ts";
import type { Node } from "./node.ts";
import type { Value } from "./value.ts";

/** The same graph again, to be changed; constants share their data. */
export function copyGraph(source: Graph): Graph {
  const target = new Graph(source.name);
  const values = new Map<Value, Value>();
  for (const input of source.inputs) values.set(input, target.input(input.name ?? "input", input.type));
  const read = (value: Value): Value => {
    const known = values.get(value);
    if (known) return known;
    const made = target.constant(value.constant!, value.name); // all else was appended before it is read
    values.set(value, made);
    return made;
  };
  for (const node of source.order()) {
    target.origins = node.origins;
    const outputs = appendLike(
      target,
      node,
      node.inputs.map((input) => input && read(input)),
    );
    for (const [i, output] of node.outputs.entries()) {
      outputs[i]!.name = output.name;
      values.set(output, outputs[i]!);
    }
  }
  for (const { name, value } of source.outputs) target.output(name, read(value));
  return target;
}

const appendLike = (target: Graph, node: Node, inputs: readonly (Value | undefined)[]): readonly Value[] =>
  target.append(node.op, inputs, node.attrs, { name: node.name, outputs: node.outputs.length }).outputs;
