import { readFileSync } from "node:fs";
import onnxProto from "onnx-proto";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { checkModel } from "../check/check-model.ts";
import { run } from "../testing/run.ts";
import { decode } from "./decode.ts";
import { embedExternal, externalFiles } from "./external.ts";

/** As Python's onnx saved them. */
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const read = async (location: string) => fixture(location);

/** y of the fixture for x = [1, 2]: the formula in make_external.py. */
const expected = Array.from({ length: 256 }, (_, i) => i / 512 + (2 * (256 + i)) / 512 + 0.5);
const x = { dtype: "float32", dims: [1, 2], data: Float32Array.of(1, 2) } as const;

test("the weights of another file come into the model", async () => {
  const model = fixture("external.onnx");
  expect(externalFiles(model)).toEqual(["external.bin"]);
  expect(() => decode(model)).toThrow(/weights in an external file.*embedExternal/);
  const whole = await embedExternal(model, read);
  expect(externalFiles(whole)).toEqual([]);
  expect(checkModel(whole)).toEqual({ opset: 17, irVersion: 8, nodes: 2 }); // types followed through: nothing is elsewhere
  expect([...(await run(decode(whole), { x })).y!]).toEqual(expected);
  const session = await InferenceSession.create(whole);
  const { y } = await session.run({ x: new Tensor("float32", x.data, x.dims) });
  expect([...(y!.data as Float32Array)]).toEqual(expected);
});

test("a model without such weights stays as it is", async () => {
  const whole = await embedExternal(fixture("external.onnx"), read);
  expect(await embedExternal(whole, () => Promise.reject(new Error("nothing to read")))).toBe(whole);
});

const { ModelProto } = onnxProto.onnx;

/** The fixture with one of its facts about the place of a weight changed. */
function changed(key: string, value: string | undefined, weight = "weights"): Uint8Array {
  const proto = ModelProto.decode(fixture("external.onnx"));
  const weights = proto.graph?.initializer?.find(({ name }) => name === weight);
  const others = (weights?.externalData ?? []).filter((fact) => fact.key !== key);
  weights!.externalData = value === undefined ? others : [...others, { key, value }];
  return ModelProto.encode(proto).finish();
}

describe("refused with what is wrong", () => {
  test.for(["../external.bin", "a/../../b", "..\\b", "/etc/passwd", "C:\\b", "\\\\host\\b", ""])(
    "the place %j",
    async (location) => {
      expect(() => externalFiles(changed("location", location))).toThrow(
        /weights: external data \(got .*wanted a path below/,
      );
      await expect(embedExternal(changed("location", location), read)).rejects.toMatchObject({ code: "bad-input" });
    },
  );

  test.for([
    ["offset", "3000", /weights: external\.bin is too short for the weight \(got 3072 bytes, wanted 5048 at least/],
    ["length", "99999", /too short for the weight/],
    ["offset", "-1", /the external data's offset \(got -1, wanted a whole number/],
    ["length", "1e999", /the external data's length/],
  ] as const)("%s %s", async ([key, value, message]) => {
    await expect(embedExternal(changed(key, value), read)).rejects.toThrow(message);
  });

  test("a length that does not fit the shape", async () => {
    const whole = await embedExternal(changed("length", "8"), read);
    expect(() => decode(whole)).toThrow(/weights: a weight's data does not fit its shape/);
  });
});

test("without a length the weight goes to the file's end", async () => {
  const whole = await embedExternal(changed("length", undefined, "shift"), read);
  expect([...(await run(decode(whole), { x })).y!]).toEqual(expected);
});
