import protobuf from "protobufjs/minimal.js";
import { ResonnxError } from "../errors/error.ts";
import { notAModel } from "./not-a-model.ts";

const { Reader } = protobuf;

/** One top-level field of a ModelProto: its number, and where tag and value lie in the file's bytes. */
export interface Field {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  /** Where a length-delimited value begins; equal to `end` for numbers. */
  readonly body: number;
}

/** ModelProto's field numbers that matter here (onnx.proto). */
export const GRAPH = 7;
export const METADATA_PROPS = 14;
const IR_VERSION = 1;

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Wire types of ModelProto's fields (onnx.proto, up to IR version 13); a later version's fields may have any. */
const wireTypes = new Map<number, number>([
  [IR_VERSION, VARINT],
  [2, LENGTH_DELIMITED], // producer_name
  [3, LENGTH_DELIMITED], // producer_version
  [4, LENGTH_DELIMITED], // domain
  [5, VARINT], // model_version
  [6, LENGTH_DELIMITED], // doc_string
  [GRAPH, LENGTH_DELIMITED],
  [8, LENGTH_DELIMITED], // opset_import
  [METADATA_PROPS, LENGTH_DELIMITED],
  [20, LENGTH_DELIMITED], // training_info
  [25, LENGTH_DELIMITED], // functions
  [26, LENGTH_DELIMITED], // configuration
]);

/** The top-level fields of an ONNX file; nothing inside them is read. Throws `bad-input` when it is not a ModelProto. */
export function modelFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  try {
    const reader = Reader.create(bytes);
    while (reader.pos < reader.len) fields.push(nextField(reader));
  } catch (cause) {
    if (cause instanceof ResonnxError) throw cause;
    throw notAModel(`its protobuf fields break off at byte ${fields.at(-1)?.end ?? 0}`, bytes, cause);
  }
  for (const [number, name] of [
    [IR_VERSION, "ir_version"],
    [GRAPH, "graph"],
  ] as const) {
    if (!fields.some((field) => field.number === number)) throw notAModel(`it has no ${name}`, bytes);
  }
  return fields;

  function nextField(reader: protobuf.Reader): Field {
    const start = reader.pos;
    const tag = reader.uint32();
    const number = tag >>> 3;
    const wireType = tag & 7;
    if (number === 0 || (wireTypes.get(number) ?? wireType) !== wireType) {
      throw notAModel(`field ${number} at byte ${start} has wire type ${wireType}`, bytes);
    }
    if (wireType !== LENGTH_DELIMITED) {
      reader.skipType(wireType);
      return { number, start, end: reader.pos, body: reader.pos };
    }
    const length = reader.uint32();
    const body = reader.pos;
    if (length > reader.len - body)
      throw new RangeError(`field ${number} has ${length} bytes, ${reader.len - body} are left`);
    reader.pos = body + length;
    return { number, start, end: reader.pos, body };
  }
}
