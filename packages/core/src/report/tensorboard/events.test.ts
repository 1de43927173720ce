import { expect, test } from "vitest";
import { crc32c, maskedCrc32c } from "./crc32c.ts";
import { fileHeader, scalarEvent } from "./events.ts";
import { epochEvents } from "./history-events.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (array: Uint8Array) => Buffer.from(array).toString("hex");

test("CRC32C of RFC 3720's examples", () => {
  expect(crc32c(bytes("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(maskedCrc32c(bytes(""))).toBe(0xa282ead8);
});

/** What tensorboard 2.21 writes for the same events (its RecordWriter). */
test("records are those that TensorBoard writes", () => {
  expect(hex(fileHeader(1.5))).toBe("1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c");
  const scalars = { wallTime: 2.25, step: 7, values: { epoch_loss: 0.5, epoch_accuracy: 0.75 } };
  expect(hex(scalarEvent(scalars))).toBe(
    "3700000000000000e7e8ca5909000000000000024010072a2a0a110a0a65706f63685f6c6f7373150000003f0a150a0e65706f63685f6163637572616379150000403f0248ba59",
  );
});

test("an epoch's numbers go to two curves, one without validation", () => {
  const row = { epoch: 3, steps: 1, seconds: 1, loss: 0.5, accuracy: 0.75, learningRate: 0.1 };
  expect(epochEvents(row, 9)).toEqual({
    train: { wallTime: 9, step: 2, values: { epoch_loss: 0.5, epoch_accuracy: 0.75, epoch_learning_rate: 0.1 } },
    validation: undefined,
  });
  const validation = { wallTime: 9, step: 2, values: { epoch_loss: 1, epoch_accuracy: 0 } };
  expect(epochEvents({ ...row, valLoss: 1, valAccuracy: 0 }, 9)).toMatchObject({ validation });
});
