import { ResonnxError, reasonOf } from "../errors/error.ts";

/** First bytes of files that people pass by mistake. */
const signatures: readonly (readonly [string, readonly number[]])[] = [
  ["a JPEG picture", [0xff, 0xd8, 0xff]],
  ["a PNG picture", [0x89, 0x50, 0x4e, 0x47]],
  ["a WebP or other RIFF file", [0x52, 0x49, 0x46, 0x46]],
  ["an HDF5 file", [0x89, 0x48, 0x44, 0x46]],
  ["a zip archive", [0x50, 0x4b, 0x03, 0x04]],
  ["JSON", [0x7b]],
];

/** A `bad-input` for bytes that are no ONNX model, which says what they look like. */
export function notAModel(what: string, bytes: Uint8Array, cause?: unknown, where = "model file"): ResonnxError {
  const known = signatures.find(([, start]) => start.every((byte, i) => bytes[i] === byte));
  return new ResonnxError("bad-input", {
    where,
    what: `not an ONNX model: ${what}${cause === undefined ? "" : ` (${reasonOf(cause)})`}`,
    got: bytes.length === 0 ? "an empty file" : (known?.[0] ?? `${bytes.length} bytes`),
    wanted: "a serialized ModelProto",
    hint: "check that the file is an .onnx and was copied whole",
    cause,
  });
}
