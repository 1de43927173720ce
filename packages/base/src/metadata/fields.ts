import protobuf from "protobufjs/minimal.js";
import { ResonnxError, reasonOf } from "../errors/error.ts";

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

/** First bytes of files that people pass by mistake. */
const signatures: readonly (readonly [string, readonly number[]])[] = [
  ["a JPEG picture", [0xff, 0xd8, 0xff]],
  ["a PNG picture", [0x89, 0x50, 0x4e, 0x47]],
  ["a WebP or other RIFF file", [0x52, 0x49, 0x46, 0x46]],
  ["an HDF5 file", [0x89, 0x48, 0x44, 0x46]],
  ["a zip archive", [0x50, 0x4b, 0x03, 0x04]],
  ["JSON", [0x7b]],
];

function notAModel(what: string, bytes: Uint8Array, cause?: unknown): ResonnxError {
  const known = signatures.find(([, start]) => start.every((byte, i) => bytes[i] === byte));
  return new ResonnxError("bad-input", {
    where: "model file",
    what: `not an ONNX model: ${what}${cause === undefined ? "" : ` (${reasonOf(cause)})`}`,
    got: bytes.length === 0 ? "an empty file" : (known?.[0] ?? `${bytes.length} bytes`),
    wanted: "a serialized ModelProto",
    hint: "check that the file is an .onnx and was copied whole",
    cause,
  });
}
