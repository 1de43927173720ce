import onnxProto from "onnx-proto";

const { onnx } = onnxProto;
const INT64 = 7;
const BOOL = 9;
const GRAPH_ATTRIBUTE = onnx.AttributeProto.AttributeType.GRAPH;

export interface LoopOptions {
  /** How often a run goes through the model. */
  readonly times: number;
  /** What each round reads under `input`, and gives under `output` for the next one. */
  readonly carried: readonly { readonly input: string; readonly output: string }[];
}

/**
 * The model in `bytes` as the body of an ONNX Loop. What is carried keeps its shapes and leaves the loop as it is after
 * the last round; every other input and output is that of all rounds behind each other, [times, ...its own shape].
 */
export function looped(bytes: Uint8Array, { times, carried }: LoopOptions): Uint8Array<ArrayBuffer> {
  const model = onnx.ModelProto.decode(bytes);
  const graph = model.graph!;
  const before = new Set(carried.map(({ input }) => input));
  const after = carried.map(({ output }) => output);
  const inputs = new Map(graph.input!.map((info) => [info.name!, info]));
  const outputs = new Map(graph.output!.map((info) => [info.name!, info]));
  const fresh = [...inputs.values()].filter(({ name }) => !before.has(name!));
  const told = [...outputs.values()].filter(({ name }) => !after.includes(name!));
  const body: onnxProto.onnx.IGraphProto = {
    name: inside(graph.name ?? ""),
    input: [
      scalar(OWN.round, INT64),
      scalar(OWN.goOn, BOOL),
      ...carried.map(({ input }) => renamed(inputs.get(input)!, inside(input))),
    ],
    node: [
      ...fresh.map(({ name }) => ({ opType: "Gather", input: [name!, OWN.round], output: [inside(name!)] })),
      ...graph.node!.map((node) => ({
        ...node,
        input: (node.input ?? []).map(inside),
        output: (node.output ?? []).map(inside),
      })),
      { opType: "Identity", input: [OWN.goOn], output: [OWN.still] },
    ],
    initializer: graph.initializer!.map((tensor) => ({ ...tensor, name: inside(tensor.name!) })),
    output: [
      scalar(OWN.still, BOOL),
      ...after.map((name) => renamed(outputs.get(name)!, inside(name))),
      ...told.map((info) => renamed(info, inside(info.name!))),
    ],
  };
  const outer: onnxProto.onnx.IGraphProto = {
    name: graph.name ?? "",
    input: [...inputs.values()].map((info) => (before.has(info.name!) ? info : stacked(info, times))),
    initializer: [{ name: OWN.times, dataType: INT64, dims: [], int64Data: [times] }],
    node: [
      {
        opType: "Loop",
        input: [OWN.times, "", ...carried.map(({ input }) => input)],
        output: [...after, ...told.map(({ name }) => name!)],
        attribute: [{ name: "body", type: GRAPH_ATTRIBUTE, g: body }],
      },
    ],
    output: [...after.map((name) => outputs.get(name)!), ...told.map((info) => stacked(info, times))],
  };
  return onnx.ModelProto.encode({ ...model, graph: outer }).finish() as Uint8Array<ArrayBuffer>;
}

type ValueInfo = onnxProto.onnx.IValueInfoProto;

/** The loop's own values. */
const OWN = { times: "loop: times", round: "loop: round", goOn: "loop: go on", still: "loop: still" } as const;

/** A name in the body, which must not be one outside it, nor one of the loop's own. An input that is left out stays so. */
const inside = (name: string): string => (name === "" ? "" : `loop/${name}`);

const renamed = (info: ValueInfo, name: string): ValueInfo => ({ ...info, name });

const scalar = (name: string, elemType: number): ValueInfo => ({ name, type: { tensorType: { elemType, shape: {} } } });

function stacked({ name, type }: ValueInfo, times: number): ValueInfo {
  const tensor = type!.tensorType!;
  const dim = [{ dimValue: times }, ...(tensor.shape?.dim ?? [])];
  return { name: name!, type: { tensorType: { ...tensor, shape: { dim } } } };
}
