import type { OpName, Value } from "@resonnx/onnx";

/** Operators that give the numbers they read: moved, or of another type. */
const MOVES: ReadonlySet<OpName> = new Set([
  "Cast",
  "Concat",
  "Expand",
  "Flatten",
  "Gather",
  "Identity",
  "Reshape",
  "Slice",
  "Split",
  "Squeeze",
  "Transpose",
  "Unsqueeze",
]);

/** How many rows the smallest table has that an input's numbers choose rows of; undefined when they choose none. */
export function rowsRead(input: Value): number | undefined {
  const moved = new Set([input]);
  const rows: number[] = [];
  for (const value of moved) // grows on the way
    for (const node of value.users) {
      if (node.is("Gather") && node.inputs[1] === value) {
        const [table] = node.inputs;
        const size = table?.shape.at(node.attrs.axis);
        if (typeof size === "number") rows.push(size);
      } else if (MOVES.has(node.op)) for (const output of node.outputs) moved.add(output);
    }
  return rows.length > 0 ? Math.min(...rows) : undefined;
}
