import { ResonnxError } from "@resonnx/base";
import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import { floats } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";

/** A new classifier in the place of a model's own. */
export interface HeadOptions {
  readonly classes: number;
  /**
   * The value that it reads, by the name of the value or of the node that gives it; axes behind the batch are flattened.
   * By default what the last Gemm or MatMul with constant weights reads.
   */
  readonly cut?: string | undefined;
  /** The first kernel, in rows [inputs, classes]. */
  kernel(inputs: number, classes: number): Float32Array;
}

/** The most classes that a head is made for. */
const MAX_CLASSES = 100_000;

/** What the weights of a new head are called. */
export const HEAD = { name: "head", kernel: "head/kernel", bias: "head/bias" } as const;

/**
 * Cuts a graph and puts Dense and Softmax there; the new output [batch, classes] has the name of the first one. What nothing
 * reads any more goes, inputs included. Throws `bad-input` for a cut that isn't there or has no known size.
 */
export function replaceHead(graph: Graph, { classes, cut, kernel }: HeadOptions): void {
  if (!Number.isSafeInteger(classes) || classes < 2 || classes > MAX_CLASSES)
    throw refuse(graph, "classes", { what: "can't be told apart", got: `${classes}`, wanted: `2 to ${MAX_CLASSES}` });
  const cutAt = cut === undefined ? lastClassifier(graph) : named(graph, cut);
  const b = new Builder(graph);
  graph.origins = [HEAD.name];
  const features = cutAt.rank === 2 ? cutAt : b.op("Flatten", [cutAt], { axis: 1 }, `${HEAD.name}/flatten`);
  const inputs = features.shape[1];
  if (features.type.dtype !== "float32" || typeof inputs !== "number")
    throw refuse(graph, cutAt.name ?? "cut", {
      what: "a head needs features of a known number",
      got: `${cutAt.type.dtype}[${cutAt.shape}]`,
      wanted: "float32 [batch, ...] of known sizes",
    });
  const weights = b.constant(floats([inputs, classes], kernel(inputs, classes)), HEAD.kernel);
  const bias = b.constant(floats([classes], new Float32Array(classes)), HEAD.bias);
  const logits = b.op("Gemm", [features, weights, bias], {}, HEAD.name);
  const probabilities = b.op("Softmax", [logits], { axis: 1 }, `${HEAD.name}/softmax`);
  const { name } = graph.outputs[0]!;
  graph.outputs.length = 0;
  graph.output(name, probabilities);
  graph.removeDead();
  const read = graph.inputs.filter(({ users }) => users.size > 0);
  graph.inputs.splice(0, graph.inputs.length, ...read);
}

/** What the classifier reads: the last product with weights before the outputs. */
function lastClassifier(graph: Graph): Value {
  const product = graph.order().findLast((node) => featuresOf(node));
  const features = product && featuresOf(product);
  if (features) return features;
  throw refuse(graph, "head", {
    what: "no Gemm or MatMul with weights to replace",
    hint: "name the value that the new head is to read (cut)",
  });
}

/** What a product takes besides weights. */
function featuresOf(node: Node): Value | undefined {
  const [x, w] = node.inputs;
  return (node.op === "Gemm" || node.op === "MatMul") && w?.constant && !x?.constant ? x : undefined;
}

function named(graph: Graph, name: string): Value {
  const nodes = graph.order();
  const found =
    graph.inputs.find((input) => input.name === name) ??
    nodes.flatMap(({ outputs }) => outputs).find((value) => value.name === name) ??
    nodes.findLast((node) => node.name === name)?.output;
  if (found) return found;
  const near = nodes.slice(-8).map(({ output, op }) => output.name ?? op);
  throw refuse(graph, `cut "${name}"`, {
    what: "no value or node of that name",
    wanted: `the last ones: ${near.join(", ")}`,
  });
}

const refuse = (
  graph: Graph,
  where: string,
  facts: { readonly what: string; readonly got?: string; readonly wanted?: string; readonly hint?: string },
): ResonnxError => new ResonnxError("bad-input", { where: `${graph.name}: ${where}`, ...facts });
