import type { StateSlot } from "@resonnx/onnx";
import type { Tensor } from "onnxruntime-common";
import type { Runtime } from "./runtime.ts";

/** A whole array of the state. */
interface Whole {
  readonly dims: readonly number[];
  /** Whether a run writes over all of it. */
  readonly inPlace: boolean;
}

/** The state's arrays that slots are, or are pieces of. */
export function wholesOf(slots: readonly StateSlot[]): Map<string, Whole> {
  const wholes = new Map<string, Whole>();
  for (const slot of slots) {
    const name = nameOf(slot);
    const inPlace = slot.inPlace && wholes.get(name)?.inPlace !== false;
    wholes.set(name, { dims: slot.piece?.dims ?? slot.dims, inPlace });
  }
  return wholes;
}

/** What a run reads or writes of those arrays, by the names of its inputs or outputs. */
export const stretchesOf = (
  runtime: Runtime,
  wholes: ReadonlyMap<string, Tensor>,
  slots: readonly StateSlot[],
  end: "input" | "output",
): Record<string, Tensor> =>
  Object.fromEntries(slots.map((slot) => [slot[end], stretchOf(runtime, wholes.get(nameOf(slot))!, slot)]));

/** The array that a slot is, or is a piece of. */
const nameOf = ({ input, piece }: StateSlot): string => piece?.of ?? input;

/** A slot's numbers within that array, in the same memory. */
function stretchOf(runtime: Runtime, whole: Tensor, { dims, piece }: StateSlot): Tensor {
  if (!piece) return whole;
  const size = dims.reduce((product, dim) => product * dim, 1);
  return runtime.tensor((whole.data as Float32Array).subarray(piece.offset, piece.offset + size), dims);
}
