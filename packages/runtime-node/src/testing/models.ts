import { type ModelMetadata, metadataProps } from "@resonnx/base";
import { Builder, encode, floats, Graph } from "@resonnx/onnx";

/** y = relu(x), x float32 [batch, 3]. */
export function reluModel(metadata: ModelMetadata = {}): Uint8Array {
  const graph = new Graph("relu");
  const x = graph.input("x", { dtype: "float32", shape: ["batch", 3] });
  graph.output("y", new Builder(graph).relu(x));
  return encode(graph, { metadata: metadataProps(metadata) });
}

export const colours: ModelMetadata = {
  labels: ["red", "green", "blue"],
  preprocessing: {
    width: 4,
    height: 4,
    channelOrder: "rgb",
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    layout: "nhwc",
  },
};

/** How much red, green and blue a picture has: the mean of each channel in [0, 1]. */
export function coloursModel(metadata: ModelMetadata = colours): Uint8Array {
  const graph = new Graph("colours");
  const b = new Builder(graph);
  const x = graph.input("image", { dtype: "float32", shape: ["batch", 4, 4, 3] });
  graph.output("scores", b.mean(x, [1, 2], 0));
  return encode(graph, { metadata: metadataProps(metadata) });
}

/** Every input comes back under its own name plus "_out". */
export function echoModel(dtypes: readonly ("int64" | "bool" | "string" | "float16" | "uint8")[]): Uint8Array {
  const graph = new Graph("echo");
  for (const dtype of dtypes) {
    const value = graph.input(dtype, { dtype, shape: ["n"] });
    graph.output(`${dtype}_out`, new Builder(graph).op("Identity", [value], {}));
  }
  return encode(graph);
}

/** x [1000, 1000] through twenty products with a constant: about half a second on a slow core. */
export function slowModel(): Uint8Array {
  const graph = new Graph("slow");
  const b = new Builder(graph);
  let x = graph.input("x", { dtype: "float32", shape: [1000, 1000] });
  const w = graph.constant(floats([1000, 1000], new Float32Array(1e6).fill(1e-3)), "w");
  for (let i = 0; i < 20; i++) x = b.matmul(x, w);
  graph.output("y", x);
  return encode(graph);
}
