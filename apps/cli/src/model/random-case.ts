import { ResonnxError } from "@resonnx/base";
import type { DescribedValue } from "@resonnx/onnx";
import type { Case } from "@resonnx/parity";
import { Tensor } from "@resonnx/runtime";

const ROWS = 4;
/** The size that stands for one that the file leaves open, the batch apart. */
const OPEN_SIZE = 32;
const SEED = 1;

/** Seeded inputs for any model: floats in [0, 1), as pictures have them; integers and booleans are 0 or 1. */
export async function randomCase(inputs: readonly DescribedValue[]): Promise<Case> {
  const { randomFor } = await import("@resonnx/core");
  const tensors = inputs.map(({ name, type, shape }, i) => {
    const dims = shape.map((dim, axis) => (typeof dim === "number" ? dim : axis === 0 ? ROWS : OPEN_SIZE));
    const random = randomFor(SEED, 0, i);
    const values = Float32Array.from({ length: dims.reduce((size, dim) => size * dim, 1) }, random);
    return [name, makeTensor(type, values, dims)] as const;
  });
  return { name: `random, seed ${SEED}`, inputs: Object.fromEntries(tensors) };
}

function makeTensor(type: string, values: Float32Array, dims: readonly number[]): Tensor {
  if (type === "float32") return new Tensor("float32", values, dims);
  const bits = values.map(Math.round);
  if (type === "int32") return new Tensor("int32", Int32Array.from(bits), dims);
  if (type === "int64") return new Tensor("int64", BigInt64Array.from(bits, BigInt), dims);
  if (type === "bool") return new Tensor("bool", Uint8Array.from(bits), dims);
  throw new ResonnxError("unsupported", { where: "input", what: "no random values of this type", got: type });
}
