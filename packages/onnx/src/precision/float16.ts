import { Builder } from "../builder/builder.ts";
import { derivedTensor } from "../ir/derived.ts";
import { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { DataType } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { Attrs, OpName } from "../ops/index.ts";
import { OPSETS, type Schema, schemaOf, typesOf } from "../schema/schema.ts";
import { exactNodes } from "./exact.ts";
import { halfBits, MAX_HALF } from "./half.ts";

export interface Float16Options {
  /** Graph inputs and outputs stay float32, with a Cast at each; otherwise only inputs whose numbers become integers. Default true. */
  readonly keepIo?: boolean | undefined;
}

export interface Float16Report {
  /** Nodes that compute in float32 still, and why. */
  readonly kept: readonly { readonly node: string; readonly reason: string }[];
}

/** Sums and powers that leave float16's range for inputs of ordinary size. */
const WIDE: ReadonlySet<string> = new Set([
  "CumSum",
  "Exp",
  "Pow",
  "ReduceL2",
  "ReduceLogSumExp",
  "ReduceProd",
  "ReduceSumSquare",
]);

/**
 * The graph with float32 weights and arithmetic in float16. A node stays in float32, with casts around it, where its
 * operator takes no float16, where a constant that it reads is out of range, where it sums or raises to powers, or where
 * its numbers become integers.
 */
export function toFloat16(
  source: Graph,
  { keepIo = true }: Float16Options = {},
): { graph: Graph; report: Float16Report } {
  const half = new HalfGraph(source.name);
  const exact = exactNodes(source);
  for (const input of source.inputs) {
    const kept = keepIo || input.type.dtype !== "float32" || [...input.users].some((user) => exact.has(user));
    const dtype = kept ? input.type.dtype : "float16";
    half.set(input, half.graph.input(input.name ?? "input", { dtype, shape: input.shape }));
  }
  const kept: { node: string; reason: string }[] = [];
  for (const node of source.order()) {
    half.graph.origins = node.origins;
    const reason = exact.has(node) ? "its numbers become integers, or are compared" : reasonToKeep(node);
    if (reason) kept.push({ node: node.name ?? node.op, reason });
    half.append(node, reason === undefined);
  }
  for (const { name, value } of source.outputs) {
    const dtype = keepIo || value.type.dtype !== "float32" ? value.type.dtype : "float16";
    half.graph.output(name, half.read(value, dtype));
  }
  return { graph: half.graph, report: { kept } };
}

/** The rewritten graph, in which a value is held in one of the two types or, where readers differ, in both. */
class HalfGraph {
  readonly graph: Graph;
  private readonly b: Builder;
  private readonly held = new Map<Value, Map<DataType, Value>>();

  constructor(name: string) {
    this.graph = new Graph(name);
    this.b = new Builder(this.graph);
  }

  set(value: Value, made: Value): void {
    this.held.set(value, new Map([[made.type.dtype, made]]));
  }

  read(value: Value, dtype: DataType): Value {
    const forms = this.held.get(value) ?? new Map<DataType, Value>();
    this.held.set(value, forms);
    const made = forms.get(dtype) ?? this.convert(value, [...forms.values()][0], dtype);
    forms.set(dtype, made);
    return made;
  }

  append(node: Node, half: boolean): void {
    const schema = schemaOf(node.op, OPSETS.most);
    const inputs = node.inputs.map((input, i) => {
      if (input?.type.dtype !== "float32") return input && this.read(input, input.type.dtype);
      return this.read(input, half && !isFixed(schema, i) ? "float16" : "float32");
    });
    const attrs = half && node.is("Cast") && node.attrs.to === "float32" ? { to: "float16" } : node.attrs;
    const appended = this.graph.append(node.op, inputs, attrs as Attrs<OpName>, {
      name: node.name,
      outputs: node.outputs.length,
    });
    for (const [i, output] of node.outputs.entries()) {
      appended.outputs[i]!.name = output.name;
      this.set(output, appended.outputs[i]!);
    }
  }

  private convert(value: Value, form: Value | undefined, dtype: DataType): Value {
    const data = value.constant;
    if (data?.dtype === "float32" && dtype === "float16")
      return this.graph.constant(
        derivedTensor("float16", data.dims, (into) => {
          halfBits(data.data, into);
        }),
        value.name,
      );
    if (data) return this.graph.constant(data, value.name);
    const name = `${value.name ?? "value"}:${dtype}`;
    return this.b.op("Cast", [form], { to: dtype }, name);
  }
}

/** Whether the schema wants that very type there, whatever the rest of the node computes in: Resize's scales. */
function isFixed(schema: Schema | undefined, index: number): boolean {
  const parameter = schema?.inputs[Math.min(index, schema.inputs.length - 1)];
  return parameter !== undefined && !schema!.types.has(parameter.type);
}

function reasonToKeep(node: Node): string | undefined {
  if (node.is("Cast") && /int(16|32|64)/.test(node.inputs[0]!.type.dtype))
    return "integers may be out of float16's range";
  if (WIDE.has(node.op)) return "its results leave float16's range easily";
  const schema = schemaOf(node.op, OPSETS.most);
  if (!node.inputs.some((input) => input?.type.dtype === "float32")) return undefined;
  for (const [i, input] of node.inputs.entries()) {
    if (input?.type.dtype !== "float32" || isFixed(schema, i)) continue;
    const parameter = schema?.inputs[Math.min(i, schema.inputs.length - 1)];
    if (!schema || !parameter || !typesOf(schema, parameter).has("float16")) return "its operator takes no float16";
    if (input.constant?.dtype === "float32" && !fits(input.constant.data))
      return "a constant is out of float16's range";
  }
  return undefined;
}

/** Infinities stay infinite; what is finite must not become so. */
const fits = (data: Float32Array): boolean => {
  for (const value of data) if (Math.abs(value) > MAX_HALF && Number.isFinite(value)) return false;
  return true;
};
