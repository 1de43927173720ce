import { ResonnxError } from "@resonnx/base";
import type onnxProto from "onnx-proto";
import { kindOfAttribute } from "../proto/attributes.ts";
import { type Problem, schemaProblem } from "../schema/problem.ts";
import { schemaOf, type WireKind } from "../schema/schema.ts";
import { attributeProblem } from "./check-attribute.ts";
import { tensorProblem } from "./check-tensor.ts";

type GraphProto = onnxProto.onnx.IGraphProto;
type NodeProto = onnxProto.onnx.INodeProto;
type ValueInfo = onnxProto.onnx.IValueInfoProto;

/** What the checks of a whole model share. */
export interface ModelFacts {
  readonly where: string;
  readonly irVersion: number;
  /** Opset versions by domain. */
  readonly opsets: ReadonlyMap<string, number>;
}

/** Graphs in graphs; deeper ones are no model's. */
const MAX_DEPTH = 32;

const refuse = (where: string, problem: Problem): ResonnxError => new ResonnxError("bad-input", { where, ...problem });

/**
 * Checks a graph's names, order, single assignment, tensors and nodes against the operators' schemas, and the graphs inside
 * it; `isOuter` tells the names that an enclosing graph has given. Throws `bad-input` at the first violation.
 */
export function checkStructure(
  graph: GraphProto,
  facts: ModelFacts,
  isOuter: (name: string) => boolean = () => false,
  depth = 0,
): void {
  const { where } = facts;
  if (depth > MAX_DEPTH) throw refuse(where, { what: `graphs nested deeper than ${MAX_DEPTH}` });
  if (!graph.output?.length) throw refuse(where, { what: "the graph has no outputs" });
  if (!graph.name) throw refuse(where, { what: "the graph has no name" });
  const names = new Set<string>();
  const give = (name: string, what: string): void => {
    if (names.has(name) || isOuter(name))
      throw refuse(`${where}: ${name}`, { what: `${what} of a name that is taken` });
    names.add(name);
  };
  for (const input of graph.input ?? []) {
    checkValueInfo(input, where, depth === 0);
    give(input.name ?? "", "an input");
  }
  checkInitializers(graph, facts, names);
  for (const node of graph.node ?? []) {
    const label = `${where}: ${node.name || node.opType || "node"}`;
    for (const input of node.input ?? [])
      if (input && !names.has(input) && !isOuter(input))
        throw refuse(label, { what: `reads "${input}", which nothing before it gives` });
    checkNode(node, facts, (name) => names.has(name) || isOuter(name), depth);
    for (const output of node.output ?? []) if (output) give(output, "an output");
  }
  for (const output of graph.output ?? []) {
    checkValueInfo(output, where, depth === 0);
    if (!names.has(output.name ?? "") && !isOuter(output.name ?? ""))
      throw refuse(`${where}: ${output.name}`, { what: "an output that no node gives" });
  }
}

function checkValueInfo({ name, type }: ValueInfo, where: string, isMain: boolean): void {
  if (!name) throw refuse(where, { what: "an input or output without a name" });
  if (!isMain) return; // types of inner graphs follow from the outer ones
  const tensor = type?.tensorType;
  if (!type || (!tensor && !type.sequenceType && !type.mapType && !type.optionalType))
    throw refuse(`${where}: ${name}`, { what: "has no type" });
  if (tensor && !tensor.elemType) throw refuse(`${where}: ${name}`, { what: "its element type is undefined" });
  if (tensor && !tensor.shape) throw refuse(`${where}: ${name}`, { what: "has no shape" });
}

/** Initializers may give an input's default, so an input's name is free for one of them. */
function checkInitializers(graph: GraphProto, { where, irVersion }: ModelFacts, names: Set<string>): void {
  const inputs = new Set(names);
  const seen = new Set<string>();
  for (const initializer of graph.initializer ?? []) {
    const name = initializer.name ?? "";
    if (name === "") throw refuse(where, { what: "a weight without a name" });
    if (seen.has(name)) throw refuse(`${where}: ${name}`, { what: "two weights of one name" });
    if (irVersion < 4 && !inputs.has(name))
      throw refuse(`${where}: ${name}`, { what: "a weight that is no input, which IR versions below 4 want" });
    const problem = tensorProblem(initializer);
    if (problem) throw refuse(`${where}: ${name}`, problem);
    seen.add(name);
    names.add(name);
  }
}

function checkNode(node: NodeProto, facts: ModelFacts, isVisible: (name: string) => boolean, depth: number): void {
  const op = node.opType ?? "";
  const where = `${facts.where}: ${node.name || op || "node"}`;
  if (op === "") throw refuse(where, { what: "a node without an operator" });
  const domain = node.domain ?? "";
  const opset = facts.opsets.get(domain);
  if (opset === undefined) throw refuse(where, { what: `the model imports no opset of domain "${domain}"` });
  const attributes = new Map<string, WireKind>();
  for (const attribute of node.attribute ?? []) {
    const problem = attributeProblem(attribute);
    if (problem) throw refuse(where, problem);
    const name = attribute.name ?? "";
    if (attributes.has(name)) throw refuse(where, { what: `attribute "${name}" is there twice` });
    attributes.set(name, kindOfAttribute(attribute)!); // attributeProblem has seen it
    for (const inner of [attribute.g, ...(attribute.graphs ?? [])])
      if (inner) checkStructure(inner, { ...facts, where: `${where}: ${name}` }, isVisible, depth + 1);
  }
  if (domain !== "") return; // another domain's operators are its own affair
  const schema = schemaOf(op, opset);
  if (!schema) throw refuse(where, { what: `ONNX has no operator ${op} at opset ${opset}` });
  const problem = schemaProblem(schema, {
    inputs: (node.input ?? []).map((name) => (name ? undefined : "")),
    outputs: (node.output ?? []).map((name) => (name ? undefined : "")),
    attributes,
  });
  if (problem) throw refuse(where, { ...problem, what: `${op}: ${problem.what}` });
}
