import type { Graph } from "./ir/graph.ts";
import { printType } from "./ir/types.ts";
import { nameAll } from "./proto/names.ts";

/** The graph as text, one line a node: `name: type = Op(inputs) {attributes}`. */
export function print(graph: Graph): string {
  const order = graph.order();
  const names = nameAll(graph, order, graph.constants());
  const lines = order.map((node) => {
    const outputs = node.outputs.map((output) => `${names.of(output)}: ${printType(output.type)}`).join(", ");
    const inputs = node.inputs.map((input) => (input ? names.of(input) : "_")).join(", ");
    const attrs = Object.entries(node.attrs).filter(([, value]) => value !== undefined);
    return `  ${outputs} = ${node.op}(${inputs})${attrs.length > 0 ? ` ${JSON.stringify(Object.fromEntries(attrs))}` : ""}`;
  });
  const inputs = graph.inputs.map((input) => `${names.of(input)}: ${printType(input.type)}`).join(", ");
  return [
    `${graph.name}(${inputs})`,
    ...lines,
    `  -> ${graph.outputs.map(({ name, value }) => `${name} = ${names.of(value)}`).join(", ")}`,
  ].join("\n");
}
