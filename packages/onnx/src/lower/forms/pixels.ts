import type { Builder } from "../../builder/builder.ts";
import { type TensorOf, tensor } from "../../ir/tensor.ts";
import { sizeOf } from "../../ir/types.ts";
import type { Value } from "../../ir/value.ts";

/** In a table of pixels: a pixel of zeros, outside of the picture. */
export const OUTSIDE = -1;

/**
 * The pixels of pictures [n,h,w,c] that `table` lists, as rows [table's length, c]: every copying, padding and spreading
 * of pixels in one Gather, which onnxruntime does a whole pixel at a time. Tables are made once per `key`.
 */
export function pixels(b: Builder, x: Value, key: string, table: () => readonly number[]): Value {
  const shape = x.shape as readonly number[];
  const channels = shape.at(-1)!;
  const count = sizeOf(shape) / channels;
  const indices = b.once(`pixels of ${count}: ${key}`, () => tableOf(table(), count));
  const rows = b.reshape(x, [count, channels]);
  const leavesPicture = (indices.constant as TensorOf<"int32">).data.includes(count);
  return b.gather(leavesPicture ? b.pad(rows, [0, 0, 1, 0]) : rows, indices, 0);
}

/** int32, which every provider takes; zeros are the row after the last pixel. */
const tableOf = (table: readonly number[], zeros: number): TensorOf<"int32"> =>
  tensor(
    "int32",
    [table.length],
    Int32Array.from(table, (index) => (index === OUTSIDE ? zeros : index)),
  );
