import { ResonnxError } from "@resonnx/base";
import { Builder } from "../builder/builder.ts";
import { inNode } from "../infer/in-node.ts";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";
import { EVERY_OUTPUT, NoGradient, staticShape, type Vjp, ZeroGradient } from "./vjp.ts";
import { vjps } from "./vjps.ts";

/**
 * Reverse-mode differentiation: appends to `graph` the gradient of the scalar `loss` by each of `wanted`, in order.
 * Only nodes between `wanted` and `loss` are visited. Throws `unsupported` for an operator without a rule, and
 * `bad-input` for a value that the loss does not depend on.
 */
export function gradients(graph: Graph, loss: Value, wanted: readonly Value[]): Value[] {
  if (loss.rank !== 0)
    throw new ResonnxError("bad-input", { where: graph.name, what: "the loss is no scalar", got: `rank ${loss.rank}` });
  const b = new Builder(graph);
  const found = new Map<Value, Value>([[loss, b.scalar(1)]]);
  const { nodes, influenced } = pathBetween(graph, wanted, loss);
  for (const node of nodes.reverse()) {
    const dys = node.outputs.map((output) => found.get(output));
    if (!EVERY_OUTPUT.has(node.op) && dys.slice(1).some((gradient) => gradient)) throw beyondFirst(node, graph);
    const dy = dys.find((gradient) => gradient);
    if (!dy) continue;
    const x = node.inputs as readonly Value[];
    const rule = ruleOf(node, graph);
    const grads = inNode(graph, node, () => rule({ b, node, x, y: node.output, dy, dys }));
    for (const [i, input] of x.entries()) {
      const gradient = grads[i];
      if (gradient && influenced.has(input)) accumulate(b, found, input, sumTo(b, gradient, input));
    }
  }
  return wanted.map((value) => found.get(value) ?? fail(graph, value));
}

const beyondFirst = (node: Node, graph: Graph): ResonnxError =>
  new ResonnxError("unsupported", {
    where: `${graph.name}: ${node.name ?? node.op}`,
    what: `${node.op} can't be differentiated by its further outputs`,
  });

function ruleOf(node: Node, graph: Graph): Vjp<OpName> {
  const rule = vjps[node.op];
  if (rule instanceof ZeroGradient) return () => [];
  if (rule instanceof NoGradient) {
    throw new ResonnxError("unsupported", {
      where: `${graph.name}: ${node.name ?? node.op}`,
      what: `${node.op} can't be differentiated: ${rule.reason}`,
    });
  }
  return rule as Vjp<OpName>;
}

/** The nodes through which any of `from` influences `to`, dependencies first, and the values on the way. */
function pathBetween(
  graph: Graph,
  from: readonly Value[],
  to: Value,
): { nodes: Node[]; influenced: ReadonlySet<Value> } {
  const influenced = new Set(from);
  const nodes = graph.orderOf([to]).filter((node) => {
    const touched = node.inputs.some((input) => input && influenced.has(input));
    if (touched) for (const output of node.outputs) influenced.add(output);
    return touched;
  });
  return { nodes, influenced };
}

/** Undoes broadcasting: sums a gradient over the axes along which the input was stretched. */
function sumTo(b: Builder, gradient: Value, input: Value): Value {
  const shape = staticShape(input.shape);
  const extra = gradient.rank - shape.length;
  const stretched = gradient.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < extra || (shape[axis - extra] === 1 && gradient.shape[axis] !== 1));
  return stretched.length === 0 ? gradient : b.reshape(b.sum(gradient, stretched, 1), shape);
}

function accumulate(b: Builder, found: Map<Value, Value>, value: Value, gradient: Value): void {
  const before = found.get(value);
  found.set(value, before ? b.add(before, gradient) : gradient);
}

function fail(graph: Graph, value: Value): never {
  throw new ResonnxError("bad-input", {
    where: graph.name,
    what: "the loss does not depend on a parameter",
    got: value.name ?? "a value without a name",
  });
}
