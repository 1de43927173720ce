import { Graph } from "./graph.ts";
import type { Node } from "./node.ts";
import type { Value } from "./value.ts";

/** What becomes of the parts of a graph that is copied; each is copied as it is by default. */
export interface CopyRules {
  input?(target: Graph, input: Value): Value;
  constant?(target: Graph, constant: Value): Value;
  /** The outputs that stand for `node`'s, in its order; named by the caller. */
  node?(target: Graph, node: Node, inputs: readonly (Value | undefined)[]): readonly Value[];
}

/** The same graph again, to be changed; constants share their data. */
export function copyGraph(
  source: Graph,
  { input: copyInput = likeInput, constant: copyConstant = likeConstant, node: copyNode = likeNode }: CopyRules = {},
): Graph {
  const target = new Graph(source.name);
  const values = new Map<Value, Value>();
  for (const input of source.inputs) values.set(input, copyInput(target, input));
  const read = (value: Value): Value => {
    const known = values.get(value);
    if (known) return known;
    const made = copyConstant(target, value); // all else was appended before it is read
    values.set(value, made);
    return made;
  };
  for (const node of source.order()) {
    target.origins = node.origins;
    const outputs = copyNode(
      target,
      node,
      node.inputs.map((input) => input && read(input)),
    );
    for (const [i, output] of node.outputs.entries()) {
      outputs[i]!.name ??= output.name;
      values.set(output, outputs[i]!);
    }
  }
  for (const { name, value } of source.outputs) target.output(name, read(value));
  return target;
}

const likeInput = (target: Graph, { name = "input", type }: Value): Value => target.input(name, type);

const likeConstant = (target: Graph, { name, constant }: Value): Value => target.constant(constant!, name);

export const likeNode = (target: Graph, node: Node, inputs: readonly (Value | undefined)[]): readonly Value[] =>
  target.append(node.op, inputs, node.attrs, { name: node.name, outputs: node.outputs.length }).outputs;
