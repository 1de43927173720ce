import { notAModel } from "@resonnx/base";
import onnxProto from "onnx-proto";

const { onnx } = onnxProto;
type GraphProto = onnxProto.onnx.IGraphProto;

/** The long name of ONNX's own domain, which is "" in short. */
const DEFAULT_DOMAIN = "ai.onnx";

/** The messages in a file, ONNX's own domain always by its short name. Throws `bad-input` for bytes that are no ONNX model. */
export function parse(bytes: Uint8Array, where: string): onnxProto.onnx.ModelProto {
  const proto = messages(bytes, where);
  if (!proto.graph) throw notAModel("it has no graph", bytes, undefined, where);
  shorten(proto.opsetImport);
  const graphs: GraphProto[] = [proto.graph];
  for (let graph = graphs.pop(); graph; graph = graphs.pop()) {
    shorten(graph.node ?? []);
    for (const { attribute } of graph.node ?? [])
      for (const { g, graphs: more } of attribute ?? []) graphs.push(...(g ? [g] : []), ...(more ?? []));
  }
  return proto;
}

function messages(bytes: Uint8Array, where: string): onnxProto.onnx.ModelProto {
  try {
    return onnx.ModelProto.decode(bytes);
  } catch (cause) {
    throw notAModel("its protobuf fields can't be read", bytes, cause, where);
  }
}

function shorten(named: readonly { domain?: string | null }[]): void {
  for (const each of named) if (each.domain === DEFAULT_DOMAIN) each.domain = "";
}
