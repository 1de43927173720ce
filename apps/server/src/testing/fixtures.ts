import { metadataProps } from "@resonnx/base";
import { Builder, encode, Graph } from "@resonnx/onnx";

/** How much red, green and blue a picture has. */
export function coloursModel(): Uint8Array {
  const graph = new Graph("colours");
  const b = new Builder(graph);
  const image = graph.input("image", { dtype: "float32", shape: ["batch", 4, 4, 3] });
  graph.output("scores", b.mean(image, [1, 2], 0));
  const preprocessing = {
    width: 4,
    height: 4,
    channelOrder: "rgb",
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    layout: "nhwc",
  } as const;
  return encode(graph, { metadata: metadataProps({ labels: ["red", "green", "blue"], preprocessing }) });
}

/** A model of tensors that aren't pictures. */
export function tensorModel(): Uint8Array {
  const graph = new Graph("tensors");
  graph.output("y", new Builder(graph).relu(graph.input("x", { dtype: "float32", shape: ["batch", 2] })));
  return encode(graph);
}

const base64 = (text: string) => Buffer.from(text, "base64");

/** 4x4 pixels of rgb(204, 51, 102), written by sharp 0.35. */
export const pictures = {
  "image/jpeg": base64(
    "/9j/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wAARCAAEAAQDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAAf/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCeAFSf/9k=",
  ),
  "image/png": base64(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQImWM4Y5wGRwzEcQBK0hZRRoxn5QAAAABJRU5ErkJggg==",
  ),
  "image/webp": base64("UklGRh4AAABXRUJQVlA4TBEAAAAvA8AAAAfQmTLXrP+BiOh/AAA="),
};
