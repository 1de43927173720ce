import { ResonnxError } from "@resonnx/base";
import type { Value } from "@resonnx/onnx";
import type { Emission, Mask } from "../layers/rule.ts";
import { addressOf, type TensorRef } from "../source/layer-graph.ts";

type Address = Pick<TensorRef, "layer" | "node">;

/** What each call of each layer has given so far. */
export class CallValues {
  private readonly emissions = new Map<string, Emission>();
  private readonly where: string;

  constructor(where: string) {
    this.where = where;
  }

  set(address: Address, emission: Emission): void {
    this.emissions.set(addressOf(address), emission);
  }

  has(address: Address): boolean {
    return this.emissions.has(addressOf(address));
  }

  get(ref: TensorRef): Value {
    const value = this.emissions.get(addressOf(ref))?.values[ref.tensor];
    if (!value)
      throw new ResonnxError("bad-input", {
        where: this.where,
        what: `output ${ref.tensor} of call ${ref.node} of layer "${ref.layer}" is read`,
        wanted: "an output that the layer has",
      });
    return value;
  }
  /** The mask of a tensor that `get` gives. */
  maskOf(ref: TensorRef): Mask {
    return this.emissions.get(addressOf(ref))?.masks[ref.tensor];
  }
}
