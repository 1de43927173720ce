import { ResonnxError, reasonOf } from "@resonnx/base";
import onnxProto from "onnx-proto";
import { bytesPerElement } from "../ir/arrays.ts";
import { bytesOfTensor, reserveFor } from "../ir/derived.ts";
import type { Tensor } from "../ir/tensor.ts";
import { sizeOf } from "../ir/types.ts";
import { dtypeCodes } from "./dtypes.ts";
import { type Progress, tensorSize, type WeightPart } from "./parts.ts";

const { onnx } = onnxProto;

/** Protobuf readers stop here. */
export const MAX_FILE_BYTES = 2 ** 31 - 1;
/** Smaller weights stay in the file: shapes and axes must be constants there. */
const MIN_EXTERNAL_BYTES = 1024;
/** Where each weight begins in a data file, so that runtimes can map it. */
const ALIGNMENT = 64;

export interface NamedWeight {
  readonly name: string;
  readonly value: Tensor;
}

export interface WeightParts {
  readonly weights: readonly WeightPart[];
  /** What they take in the file, nearly: the nodes come to it. */
  readonly fileBytes: number;
}

const facts = ({ name, value }: NamedWeight): onnxProto.onnx.ITensorProto => ({
  name,
  dataType: dtypeCodes[value.dtype],
  dims: [...value.dims],
});

const bytesOf = (value: Tensor): number =>
  value.dtype === "string" ? 0 : sizeOf(value.dims) * bytesPerElement(value.dtype);

const withSize = (weights: readonly WeightPart[]): WeightParts => ({
  weights,
  fileBytes: weights.reduce((sum, weight) => sum + tensorSize(weight), 0),
});

function inline(weight: NamedWeight): WeightPart {
  const { value } = weight;
  const strings =
    value.dtype === "string" ? { stringData: value.data.map((text) => new TextEncoder().encode(text)) } : {};
  return {
    head: onnx.TensorProto.encode({ ...facts(weight), ...strings }).finish(),
    size: bytesOf(value),
    data: () => bytesOfTensor(value),
  };
}

/** All weights inside the file. */
export function inlineWeights(weights: readonly NamedWeight[]): WeightParts {
  reserveFor(weights.map(({ value }) => value));
  return withSize(weights.map(inline));
}

/** Large weights one behind the other in a second file, which their heads name. Throws `unsupported` when no buffer holds them. */
export function externalWeights(
  weights: readonly NamedWeight[],
  location: string,
  onProgress?: Progress,
): { parts: WeightParts; data: Uint8Array } {
  let total = 0;
  const placed = weights.map((weight) => {
    const size = bytesOf(weight.value);
    if (size < MIN_EXTERNAL_BYTES) return { weight, size, offset: undefined };
    const offset = Math.ceil(total / ALIGNMENT) * ALIGNMENT;
    total = offset + size;
    return { weight, size, offset };
  });
  const data = allocate(total, location);
  const parts = placed.map(({ weight, size, offset }): WeightPart => {
    if (offset === undefined) return inline(weight);
    data.set(bytesOfTensor(weight.value), offset);
    onProgress?.(offset + size, total);
    const externalData = Object.entries({ location, offset, length: size }).map(([key, value]) => ({
      key,
      value: `${value}`,
    }));
    const head = { ...facts(weight), dataLocation: onnx.TensorProto.DataLocation.EXTERNAL, externalData };
    return { head: onnx.TensorProto.encode(head).finish(), size: 0, data: () => new Uint8Array() };
  });
  return { parts: withSize(parts), data };
}

function allocate(size: number, where: string): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (cause) {
    throw new ResonnxError("unsupported", {
      where,
      what: `no room for ${size} bytes of weights: ${reasonOf(cause)}`,
      cause,
    });
  }
}
