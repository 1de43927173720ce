import { ResonnxError } from "@resonnx/base";
import type { Value } from "@resonnx/onnx";
import { addressOf, type TensorRef } from "../source/layer-graph.ts";

type Address = Pick<TensorRef, "layer" | "node">;

/** What each call of each layer has given so far. */
export class CallValues {
  private readonly values = new Map<string, readonly Value[]>();
  private readonly where: string;

  constructor(where: string) {
    this.where = where;
  }

  set(address: Address, outputs: readonly Value[]): void {
    this.values.set(addressOf(address), outputs);
  }

  has(address: Address): boolean {
    return this.values.has(addressOf(address));
  }

  get(ref: TensorRef): Value {
    const value = this.values.get(addressOf(ref))?.[ref.tensor];
    if (!value)
      throw new ResonnxError("bad-input", {
        where: this.where,
        what: `output ${ref.tensor} of call ${ref.node} of layer "${ref.layer}" is read`,
        wanted: "an output that the layer has",
      });
    return value;
  }
}
