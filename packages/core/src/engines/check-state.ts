import { ResonnxError } from "@resonnx/base";
import type { StateArray } from "./engine.ts";

export interface StateShapes {
  /** The weights. */
  readonly required: ReadonlyMap<string, readonly number[]>;
  /** Optimizer arrays, which start at zero where a state lacks them. */
  readonly optional: ReadonlyMap<string, readonly number[]>;
}

/** Throws `bad-input` naming the first array that a model and optimizer don't have, or have in another shape. */
export function checkState(arrays: Readonly<Record<string, StateArray>>, { required, optional }: StateShapes): void {
  for (const name of new Set([...required.keys(), ...Object.keys(arrays)])) {
    const [got, wanted] = [arrays[name]?.dims, required.get(name) ?? optional.get(name)];
    if (`${got}` === `${wanted}`) continue;
    throw new ResonnxError("bad-input", {
      where: "checkpoint",
      what: `"${name}" does not fit this model and optimizer`,
      got: got ? `[${got}]` : "nothing",
      wanted: wanted ? `[${wanted}]` : "nothing",
    });
  }
}
