import { ResonnxError } from "@resonnx/base";
import type { Split } from "./dataset.ts";

/** A split over pictures that a function hands out, u8 RGB of `bytes` bytes each. Throws `bad-input` when counts differ. */
export function splitOf(
  names: readonly string[],
  labels: Int32Array,
  bytes: number,
  picture: (index: number) => Uint8Array | Promise<Uint8Array>,
): Split {
  if (names.length !== labels.length) {
    throw new ResonnxError("bad-input", {
      where: "split",
      what: "a label a picture",
      got: `${labels.length} labels`,
      wanted: `${names.length}`,
    });
  }
  return {
    names,
    labels,
    async read(indices) {
      const batch = new Uint8Array(indices.length * bytes);
      for (const [slot, index] of indices.entries()) {
        checkIndex(index, names.length);
        batch.set(await picture(index), slot * bytes);
      }
      return batch;
    },
  };
}

/** Throws `bad-input` unless there is a picture at that position. */
export function checkIndex(index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new ResonnxError("bad-input", {
    where: "split",
    what: "no picture at that position",
    got: String(index),
    wanted: `0 to ${count - 1}`,
  });
}

/** Both splits as one, the pictures of `a` first: what training on train and val together reads. */
export function joinSplits(a: Split, b: Split): Split {
  const names = [...a.names, ...b.names];
  const parts = [
    { split: a, from: 0, to: a.names.length },
    { split: b, from: a.names.length, to: names.length },
  ];
  return {
    names,
    labels: Int32Array.from([...a.labels, ...b.labels]),
    async read(indices) {
      for (const index of indices) checkIndex(index, names.length);
      const reads = parts.map(async ({ split, from, to }) => {
        const slots = [...indices.keys()].filter((slot) => indices[slot]! >= from && indices[slot]! < to);
        return { slots, pictures: await split.read(slots.map((slot) => indices[slot]! - from)) };
      });
      const done = await Promise.all(reads);
      const bytes = done.reduce((sum, { pictures }) => sum + pictures.length, 0) / Math.max(1, indices.length);
      const batch = new Uint8Array(indices.length * bytes);
      for (const { slots, pictures } of done) {
        slots.forEach((slot, i) => {
          batch.set(pictures.subarray(i * bytes, (i + 1) * bytes), slot * bytes);
        });
      }
      return batch;
    },
  };
}
