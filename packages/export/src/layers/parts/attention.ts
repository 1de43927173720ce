import { ResonnxError } from "@resonnx/base";
import { type Builder, integers, tensor, type Value } from "@resonnx/onnx";
import type { CallContext, Mask, NamedInput } from "../rule.ts";

export interface AttentionInputs {
  readonly query: NamedInput;
  readonly value: NamedInput;
  readonly key: NamedInput;
}

/** Query, value and key of a call, in Keras' order or by their names; the key is the value where none is given. */
export function attentionInputs({ inputs, masks, named, where }: CallContext): AttentionInputs {
  const [query, value, key] = ["query", "value", "key"].map((name, i): NamedInput | undefined =>
    inputs[i] ? { value: inputs[i], mask: masks[i] } : named.get(name)?.[0],
  );
  if (!query || !value)
    throw new ResonnxError("bad-input", { where, what: "inputs", got: `${inputs.length}`, wanted: "query and value" });
  return { query, value, key: key ?? value };
}

/** bool, true where query step i may see value step j <= i: [time of the query, time of the value] */
export function causalMask(b: Builder, query: Value, value: Value): Value {
  const [rows, columns] = [query.shape[1]!, value.shape[1]!];
  if (typeof rows === "number" && typeof columns === "number")
    return b.once(`causal ${rows} ${columns}`, () =>
      tensor(
        "bool",
        [rows, columns],
        Uint8Array.from({ length: rows * columns }, (_, i) => (Math.floor(i / columns) >= i % columns ? 1 : 0)),
      ),
    );
  const beyond = b.op(
    "Greater",
    [stepNumbers(b, value), b.op("Unsqueeze", [stepNumbers(b, query), b.ints([1])], {})],
    {},
  );
  return b.op("Not", [beyond], {});
}

/** 1, 2, ... for every step of x [batch, time, ...] */
const stepNumbers = (b: Builder, x: Value): Value => {
  const time = b.gather(b.op("Shape", [x], {}), b.ints([1]), 0);
  const ones = b.op("Expand", [b.ints([1]), time], {});
  return b.op("CumSum", [ones, b.once("int64 0", () => integers([0], []))], {});
};

/** All masks that there are, in one. */
export const allOf = (b: Builder, masks: readonly Mask[]): Mask =>
  masks
    .filter((mask) => mask !== undefined)
    .reduce<Mask>((all, mask) => (all ? b.op("And", [all, mask!], {}) : mask), undefined);

/** Far below any score: what Keras puts where a mask says no. */
const NEVER = -1e9;

/** Softmax over the last axis of what `mask` lets through. */
export function weightsOf(b: Builder, scores: Value, mask: Mask, name: string): Value {
  const masked = mask ? b.where(mask, scores, NEVER) : scores;
  return b.op("Softmax", [masked], { axis: -1 }, name);
}
