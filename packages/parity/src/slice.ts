import { Tensor, type Tensors } from "@resonnx/runtime";

/** How many rows all tensors share along their first axis; null when they don't, so that they can't be cut. */
export function sharedRows(tensors: Tensors): number | null {
  const rows = new Set(Object.values(tensors).map((tensor) => tensor.dims[0] ?? 0));
  const [count] = rows;
  return rows.size === 1 && count! > 0 ? count! : null;
}

/** Rows `start` up to `end` of each tensor, as copies. */
export function sliceRows(tensors: Tensors, start: number, end: number): Tensors {
  return mapTensors(tensors, (tensor) => {
    const [rows = 1, ...rest] = tensor.dims;
    const width = tensor.data.length / rows;
    return new Tensor(tensor.type, tensor.data.slice(start * width, end * width), [end - start, ...rest]);
  });
}

function mapTensors(tensors: Tensors, f: (tensor: Tensor) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, f(tensor)]));
}
