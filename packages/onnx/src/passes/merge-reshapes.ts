import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";
import { localPass, type Rewriter, type Skip, skip } from "./local.ts";

/** Operators that keep the elements in their order and change the shape alone. */
const reshaping: ReadonlySet<OpName> = new Set<OpName>(["Reshape", "Flatten", "Squeeze", "Unsqueeze"]);

/** A reshaping node behind another one -> one Reshape of the first one's input. */
export function reshapeOfReshape(node: Node, { b }: Rewriter): Value | Skip {
  const inner = node.inputs[0]!.producer;
  if (!inner || !reshaping.has(inner.op)) return skip("its input is not reshaped");
  const { shape } = node.output;
  const symbolic = shape.filter((dim) => typeof dim !== "number");
  if (symbolic.length > 1 || (symbolic.length === 1 && shape.includes(0))) return skip("more than one size is unknown");
  const dims = shape.map((dim) => (typeof dim === "number" ? dim : -1));
  return b.op("Reshape", [inner.inputs[0], b.ints(dims)], {}, node.name);
}

export const mergeReshapes = localPass("mergeReshapes", {
  Reshape: reshapeOfReshape,
  Flatten: reshapeOfReshape,
  Squeeze: reshapeOfReshape,
  Unsqueeze: reshapeOfReshape,
});
