import type { Builder, Dim, Value } from "@resonnx/onnx";
import { tensor } from "@resonnx/onnx";

/** Which steps of a sequence count, and where they lie once those that don't are taken out. */
export interface Steps {
  /** int32 [batch] */
  readonly lengths: Value;
  /** x [batch, time, ...] with the steps that count first, in their order. */
  gathered(x: Value): Value;
  /**
   * Undoes `gathered` for y [batch, time, ...]: a step that doesn't count repeats the output before it, in the order of
   * processing; zeros where there is none.
   */
  spread(y: Value, backwards: boolean): Value;
  /** y with zeros at the steps that don't count. */
  spreadOverZeros(y: Value): Value;
  /** `ran` for sequences in which any step counts, `initial` for the others; both [batch, ...]. */
  unlessEmpty(ran: Value, initial: Value): Value;
}

/**
 * Keras carries output and states over a masked step, as if it weren't there. So the masked steps are taken out, wherever
 * they are: what is left is a shorter sequence, and its outputs are dealt out again. Exact for masks with holes as well.
 */
export function countedSteps(b: Builder, mask: Value): Steps {
  const time = mask.shape[1]!;
  const counts = b.op("Cast", [mask], { to: "int64" });
  const lengths = b.sum(counts, [1], 0);
  const positions = (exclusive: 0 | 1): Value => b.op("CumSum", [counts, b.once("time axis", timeAxis)], { exclusive });
  const at = (x: Value, indices: Value): Value =>
    b.op("GatherND", [x, b.op("Unsqueeze", [indices, b.ints([-1])], {})], { batch_dims: 1 });
  const over = (flags: Value, x: Value): Value =>
    b.op("Unsqueeze", [flags, b.ints(Array.from({ length: x.rank - flags.rank }, (_, i) => flags.rank + i))], {});
  const previous = (y: Value): Value => at(y, b.op("Sub", [positions(0), b.ints([1])], {}));
  return {
    lengths: b.op("Cast", [lengths], { to: "int32" }),
    gathered(x) {
      // Equal elements come in the order of their indices, so this is a stable partition.
      const keys = b.op("Cast", [mask], { to: "float32" });
      const [, order] = b.ops("TopK", [keys, sizeValue(b, mask, time)], { axis: 1 }, 2);
      return at(x, order!);
    },
    spread(y, backwards) {
      // Outputs behind the last step that counts are zeros by definition of ONNX's operators.
      if (backwards) return at(y, positions(1));
      const reached = b.op("Greater", [positions(0), b.ints([0])], {});
      return b.where(over(reached, y), previous(y), 0);
    },
    spreadOverZeros: (y) => b.where(over(mask, y), previous(y), 0),
    unlessEmpty(ran, initial) {
      const any = b.op("Greater", [lengths, b.ints([0])], {});
      return b.where(over(any, ran), ran, initial);
    },
  };
}

const timeAxis = () => tensor("int64", [], BigInt64Array.of(1n));

const sizeValue = (b: Builder, mask: Value, time: Dim): Value =>
  typeof time === "number" ? b.ints([time]) : b.gather(b.op("Shape", [mask], {}), b.ints([1]), 0);
