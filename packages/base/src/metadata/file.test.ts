import onnxp from "onnx-proto";
import { describe, expect, test } from "vitest";
import { ResonnxError } from "../errors/error.ts";
import { readMetadata, writeMetadata } from "./file.ts";
import type { ModelMetadata } from "./metadata.ts";

const { ModelProto } = onnxp.onnx;

/** onnx-proto is the independent reference: it encodes the file and decodes ours. */
function modelBytes(props: Record<string, string> = {}): Uint8Array {
  const metadataProps = Object.entries(props).map(([key, value]) => ({ key, value }));
  return ModelProto.encode(
    ModelProto.create({
      irVersion: 8,
      producerName: "someone",
      opsetImport: [{ domain: "", version: 17 }],
      graph: { name: "g", node: [{ opType: "Relu", input: ["x"], output: ["y"] }] },
      metadataProps,
    }),
  ).finish();
}

const metadata: ModelMetadata = {
  labels: ["zero", "één", "二", '\u{1f44d} three\n"four"'],
  preprocessing: {
    width: 64,
    height: 48,
    channelOrder: "bgr",
    scale: 1 / 255,
    mean: [0.1, 0.2, 0.3],
    std: [1, 2, 3],
    layout: "nchw",
  },
  training: { epochs: 20, accuracy: 0.9666, engine: "onnx" },
  source: { format: "tfjs-layers", name: "ResNet50" },
};

function refusal(run: () => unknown): ResonnxError {
  try {
    run();
  } catch (error) {
    if (error instanceof ResonnxError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("writeMetadata and readMetadata", () => {
  test("round trip", () => {
    expect(readMetadata(writeMetadata(modelBytes(), metadata))).toEqual(metadata);
  });

  test("onnx-proto reads what was written, and finds the rest as it was", () => {
    const written = ModelProto.decode(writeMetadata(modelBytes({ author: "Ada" }), metadata));
    const props = Object.fromEntries(written.metadataProps.map(({ key, value }) => [key, value]));
    expect(Object.keys(props)).toEqual([
      "author",
      "resonnx.labels",
      "resonnx.preprocessing",
      "resonnx.training",
      "resonnx.source",
    ]);
    expect(JSON.parse(props["resonnx.labels"] ?? "")).toEqual(metadata.labels);
    expect(JSON.parse(props["resonnx.preprocessing"] ?? "")).toEqual(metadata.preprocessing);
    const original = ModelProto.decode(modelBytes({ author: "Ada" })).toJSON();
    expect({ ...written.toJSON(), metadataProps: original.metadataProps }).toEqual(original);
  });

  test("replaces our entries and leaves the others", () => {
    const once = writeMetadata(modelBytes({ author: "Ada" }), metadata);
    const twice = writeMetadata(once, { labels: ["only"] });
    expect(readMetadata(twice)).toEqual({ labels: ["only"] });
    expect(writeMetadata(twice, {})).toEqual(Uint8Array.from(modelBytes({ author: "Ada" })));
  });

  test("reads what onnx-proto wrote; a file by others has none", () => {
    expect(readMetadata(modelBytes({ "resonnx.labels": '["a","b"]', "resonnx.later": "?" }))).toEqual({
      labels: ["a", "b"],
    });
    expect(readMetadata(modelBytes())).toEqual({});
  });

  test("fields of later ONNX versions pass", () => {
    const later = Uint8Array.of(((30 << 3) & 0x7f) | 0x80, 1, 5); // field 30, varint 5
    const bytes = Uint8Array.of(...modelBytes(), ...later);
    expect(readMetadata(writeMetadata(bytes, metadata))).toEqual(metadata);
  });
});

describe("refusals", () => {
  test.each([
    ["a JPEG", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70), /JPEG/],
    ["a PNG", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), /PNG/],
    ["text", new TextEncoder().encode("hello, this is text\n"), /not an ONNX model/],
    ["JSON", new TextEncoder().encode('{"format":"layers-model"}'), /JSON/],
    ["an empty file", new Uint8Array(), /empty/],
    ["a graph alone", ModelProto.encode({ graph: { name: "g" } }).finish(), /no ir_version/],
  ])("%s", (_, bytes, message) => {
    const error = refusal(() => readMetadata(bytes));
    expect(error.code).toBe("bad-input");
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("\n");
  });

  test("a file cut anywhere never crashes, and is refused unless the cut falls behind the graph and between fields", () => {
    const whole = writeMetadata(modelBytes({ author: "Ada" }), metadata);
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.slice(0, length);
      try {
        readMetadata(cut);
        expect(ModelProto.decode(cut).graph?.node).toHaveLength(1);
      } catch (error) {
        expect(error).toBeInstanceOf(ResonnxError);
      }
    }
    expect(refusal(() => readMetadata(whole.slice(0, -1))).message).toMatch(/break off/);
  });

  test.each([
    ["labels", "not json", /resonnx\.labels: the value is not JSON/],
    ["labels", '{"a":1}', /labels is not an array/],
    ["labels", '["a",1]', /labels\[1\] is not a string/],
    ["preprocessing", "[]", /not an object/],
    ["preprocessing", JSON.stringify({ ...metadata.preprocessing, width: 1e9 }), /width is not a whole number/],
    ["preprocessing", JSON.stringify({ ...metadata.preprocessing, std: [1, 0, 1] }), /std\[1\] is 0/],
    ["preprocessing", JSON.stringify({ ...metadata.preprocessing, mean: [1] }), /mean has 1 numbers for 3 channels/],
    [
      "preprocessing",
      JSON.stringify({ ...metadata.preprocessing, channelOrder: "cmyk" }),
      /channelOrder is none of rgb/,
    ],
    ["training", '{"loss":null}', /loss is not a finite number/],
    ["source", '{"name":"x"}', /format is not a string/],
  ])("resonnx.%s = %s", (part, value, message) => {
    const error = refusal(() => readMetadata(modelBytes({ [`resonnx.${part}`]: value })));
    expect(error.code).toBe("bad-input");
    expect(error.message).toMatch(message);
  });

  test("a broken metadata entry", () => {
    const bytes = Uint8Array.of(...modelBytes(), (14 << 3) | 2, 2, (1 << 3) | 2, 9); // a key of 9 bytes in an entry of 2
    expect(refusal(() => readMetadata(bytes)).message).toMatch(/metadata entry at byte \d+ is broken/);
  });

  test("metadata that could not be read back is not written", () => {
    expect(refusal(() => writeMetadata(modelBytes(), { training: { loss: Number.NaN } })).code).toBe("bad-input");
  });
});
