import { floats, transposeTensor } from "@resonnx/onnx";
import type { Layout, RunTensor } from "../options.ts";
import { axesTo } from "../targets/layout.ts";

/** Tensors of rank 4 in the other layout of pictures, the rest as they are. */
export const turnTensors = <T extends RunTensor>(
  tensors: Readonly<Record<string, T>>,
  to: Layout,
): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, turn(tensor, to)]));

function turn<T extends RunTensor>(tensor: T, to: Layout): T {
  if (tensor.dims.length !== 4 || !(tensor.data instanceof Float32Array)) return tensor;
  const { dims, data } = transposeTensor(floats(tensor.dims, tensor.data), axesTo[to]);
  return { ...tensor, dims, data };
}
