import { ResonnxError } from "@resonnx/base";
import type { Tensor } from "onnxruntime-common";
import type { ModelInfo, Tensors, ValueInfo } from "./model.ts";

/** Throws `bad-input` unless there is exactly one tensor for each input, of its type and a shape that fits. */
export function checkInputs({ inputs: declared }: Pick<ModelInfo, "inputs">, inputs: Tensors): void {
  const names = declared.map(({ name }) => name);
  for (const name of Object.keys(inputs)) {
    if (!names.includes(name)) throw refused(name, "the model has no such input", name, names.join(", "));
  }
  for (const value of declared) {
    const tensor = Object.hasOwn(inputs, value.name) ? inputs[value.name] : undefined;
    if (tensor === undefined)
      throw refused(value.name, "missing", Object.keys(inputs).join(", ") || "nothing", describe(value));
    if (tensor.type !== value.type) throw refused(value.name, "wrong type", describe(tensor), describe(value));
    if (!fits(tensor.dims, value.shape)) throw refused(value.name, "wrong shape", describe(tensor), describe(value));
  }
}

/** A symbolic dimension takes any size. */
function fits(dims: readonly number[], shape: readonly (number | string)[]): boolean {
  return dims.length === shape.length && shape.every((wanted, i) => typeof wanted === "string" || wanted === dims[i]);
}

function describe(value: ValueInfo | Tensor): string {
  const shape = "dims" in value ? value.dims : value.shape.map((dim) => (dim === "" ? "?" : dim));
  return `${value.type} [${shape.join(", ")}]`;
}

function refused(name: string, what: string, got: string, wanted: string): ResonnxError {
  return new ResonnxError("bad-input", { where: `input ${name}`, what, got, wanted });
}
