import protobuf from "protobufjs/minimal.js";
import { maskedCrc32c } from "./crc32c.ts";

/** Numbers of one moment, by tag. */
export interface Scalars {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Wire types and fields of tensorflow/core/util/event.proto and framework/summary.proto, as `field << 3 | type`. */
const WALL_TIME = (1 << 3) | 1;
const STEP = 2 << 3;
const FILE_VERSION = (3 << 3) | 2;
const SUMMARY = (5 << 3) | 2;
const VALUE = (1 << 3) | 2;
const TAG = (1 << 3) | 2;
const SIMPLE_VALUE = (2 << 3) | 5;

/** What every event file begins with. */
export const fileHeader = (wallTime: number): Uint8Array =>
  record(protobuf.Writer.create().uint32(WALL_TIME).double(wallTime).uint32(FILE_VERSION).string("brain.Event:2"));

/** One record of an event file. */
export function scalarEvent({ wallTime, step, values }: Scalars): Uint8Array {
  const event = protobuf.Writer.create().uint32(WALL_TIME).double(wallTime).uint32(STEP).int64(step);
  event.uint32(SUMMARY).fork();
  for (const [tag, value] of Object.entries(values))
    event.uint32(VALUE).fork().uint32(TAG).string(tag).uint32(SIMPLE_VALUE).float(value).ldelim();
  return record(event.ldelim());
}

/** TFRecord: length as uint64, its checksum, the bytes, theirs; all little-endian. */
function record(writer: protobuf.Writer): Uint8Array {
  const data = writer.finish();
  const bytes = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return bytes;
}
