import { joinBytes } from "@resonnx/base";
import onnxProto from "onnx-proto";

const { onnx } = onnxProto;
const FLOAT = 1;

/**
 * The model in `bytes` with one more output before its own: an empty sequence. Messages of protobuf that follow each other
 * are one message, whose lists are joined.
 */
export function withSequenceOutput(bytes: Uint8Array, name: string): Uint8Array {
  const head = onnx.ModelProto.encode({
    graph: {
      node: [{ opType: "SequenceEmpty", output: [name] }],
      output: [{ name, type: { sequenceType: { elemType: { tensorType: { elemType: FLOAT } } } } }],
    },
  }).finish();
  return joinBytes([head, bytes]);
}
