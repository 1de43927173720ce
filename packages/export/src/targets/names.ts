import { ResonnxError } from "@resonnx/base";
import type { Graph } from "@resonnx/onnx";

/** Inputs and outputs under other names, in place. Throws `bad-input` for names that the graph doesn't have, and for clashes. */
export function rename(graph: Graph, names: Readonly<Record<string, string>>): void {
  const known = [...graph.inputs.map(({ name }) => name ?? ""), ...graph.outputs.map(({ name }) => name)];
  const refuse = (what: string, got: string): ResonnxError =>
    new ResonnxError("bad-input", { where: "rename", what, got, wanted: `inputs and outputs: ${known.join(", ")}` });
  for (const [from, to] of Object.entries(names)) {
    if (!known.includes(from)) throw refuse("no input or output of that name", from);
    if (typeof to !== "string" || to === "") throw refuse(`"${from}" can't be called`, `"${to}"`);
  }
  const renamed = (name: string): string => (Object.hasOwn(names, name) ? names[name]! : name);
  for (const side of [graph.inputs.map(({ name }) => name ?? ""), graph.outputs.map(({ name }) => name)]) {
    const after = side.map(renamed);
    const twice = after.find((name, i) => after.indexOf(name) < i);
    if (twice !== undefined) throw refuse("two would have one name", twice);
  }
  for (const input of graph.inputs) input.name = renamed(input.name ?? "");
  for (const [i, { name, value }] of graph.outputs.entries()) graph.outputs[i] = { name: renamed(name), value };
}
