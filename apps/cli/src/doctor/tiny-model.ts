import { Builder, encode, Graph } from "@resonnx/onnx";
import type { Case } from "@resonnx/parity";
import { Tensor } from "@resonnx/runtime";

/** The smallest model that shows whether a backend works, and an input for it. */
export function tinyModel(): { bytes: Uint8Array; tinyCase: Case } {
  const graph = new Graph("tiny");
  const x = graph.input("x", { dtype: "float32", shape: ["batch", 2] });
  graph.output("y", new Builder(graph).relu(x));
  const inputs = { x: new Tensor("float32", Float32Array.of(-1, 2), [1, 2]) };
  return { bytes: encode(graph), tinyCase: { name: "tiny", inputs } };
}
