import protobuf from "protobufjs/minimal.js";
import { joinBytes } from "../bytes/join-bytes.ts";
import { ResonnxError } from "../errors/error.ts";
import { type Field, METADATA_PROPS, modelFields } from "./fields.ts";
import type { ModelMetadata } from "./metadata.ts";
import { isOurs, metadataProps, parseMetadataProps } from "./schema.ts";

const { Reader, Writer } = protobuf;

/** What an ONNX file says about itself; only top-level fields are read. Throws `bad-input` on anything else. */
export function readMetadata(bytes: Uint8Array): ModelMetadata {
  const entries = modelFields(bytes)
    .filter(({ number }) => number === METADATA_PROPS)
    .map((field) => readEntry(bytes, field));
  return parseMetadataProps(Object.fromEntries(entries));
}

/** The same ONNX file with its `resonnx.*` entries replaced by `metadata`; every other byte is copied as it is. */
export function writeMetadata(bytes: Uint8Array, metadata: ModelMetadata): Uint8Array {
  const kept = modelFields(bytes)
    .filter((field) => field.number !== METADATA_PROPS || !isOurs(readEntry(bytes, field)[0]))
    .map(({ start, end }) => bytes.subarray(start, end));
  return joinBytes([...kept, encodeEntries(metadataProps(metadata))]);
}

/** A StringStringEntryProto: field 1 is the key, field 2 the value. */
function readEntry(bytes: Uint8Array, { body, end }: Field): [key: string, value: string] {
  const strings: Record<number, string> = { 1: "", 2: "" };
  const reader = Reader.create(bytes.subarray(body, end));
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if ((tag & 7) === 2 && tag >>> 3 in strings) strings[tag >>> 3] = reader.string();
      else reader.skipType(tag & 7);
    }
  } catch (cause) {
    throw new ResonnxError("bad-input", {
      where: "model file",
      what: `the metadata entry at byte ${body} is broken`,
      cause,
    });
  }
  return [strings[1] ?? "", strings[2] ?? ""];
}

function encodeEntries(props: Readonly<Record<string, string>>): Uint8Array {
  const writer = Writer.create();
  for (const [key, value] of Object.entries(props)) {
    writer.uint32((METADATA_PROPS << 3) | 2).fork();
    writer.uint32((1 << 3) | 2).string(key);
    writer.uint32((2 << 3) | 2).string(value);
    writer.ldelim();
  }
  return writer.finish();
}
