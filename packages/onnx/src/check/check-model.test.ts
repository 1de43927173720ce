import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { encode } from "../proto/encode.ts";
import { graphOf, opsOf } from "../testing/pass.ts";
import { randomStream } from "../testing/random.ts";
import { checkModel } from "./check-model.ts";

interface Verdict {
  readonly name: string;
  /** What onnx.checker said; null when it found nothing. Written by tools/verdicts.py. */
  readonly verdict: string | null;
  readonly model: string;
}
const verdicts = JSON.parse(readFileSync(new URL("verdicts.json", import.meta.url), "utf8")) as Verdict[];

/** What onnx.checker lets pass and onnxruntime refuses to load, or what no runtime could give a meaning. */
const stricter: Readonly<Record<string, string>> = {
  "graph without outputs": "the graph has no outputs",
  "two outputs of one name": "a second output of that name",
  "initializer with too much data": "bytes of raw_data do not fit the shape",
  "weights of another rank": "input and kernel need one rank",
  "weights with other channels": "the kernel reads another number of channels",
  "a bias that does not broadcast": "shapes do not broadcast",
  "a Reshape to another size": "sizes differ",
  "a Transpose of another rank": "perm is not an order of the axes",
};

describe("onnx.checker's verdicts", () => {
  test.each(verdicts.filter(({ verdict, name }) => verdict === null && !Object.hasOwn(stricter, name)))(
    "good: $name",
    ({ model }) => {
      expect(checkModel(Buffer.from(model, "base64"))).toMatchObject({ nodes: 7 });
    },
  );

  test.each(verdicts.filter(({ verdict }) => verdict !== null))("broken: $name", ({ model, name }) => {
    const code = /from the future/.test(name) ? "unsupported" : "bad-input";
    expect(() => checkModel(Buffer.from(model, "base64"))).toThrow(expect.objectContaining({ code }));
  });

  test.each(verdicts.filter(({ name }) => Object.hasOwn(stricter, name)))(
    "stricter: $name",
    ({ model, name, verdict }) => {
      expect(verdict).toBeNull();
      expect(() => checkModel(Buffer.from(model, "base64"))).toThrow(stricter[name]);
    },
  );
});

test("what this package writes is good, at every opset", () => {
  const graph = graphOf([2, 3, 4], (b, x) => [
    b.op("LayerNormalization", [x, b.filled([4], 1)], { axis: -1, epsilon: 1e-3 }),
    b.mean(x, [1], 0),
  ]);
  expect(opsOf(graph)).toHaveLength(2);
  for (let opset = 13; opset <= 23; opset++) expect(checkModel(encode(graph, { opset }))).toMatchObject({ opset });
});

test("operators without a rule here: the rest is checked, and it says so", () => {
  const bytes = encode(graphOf([2], (b, x) => b.relu(x)));
  const at = Buffer.from(bytes).indexOf("\u0004Relu");
  const sign = Uint8Array.from(bytes);
  sign.set(new TextEncoder().encode("Sign"), at + 1);
  const check = checkModel(sign);
  expect(check.unknownShapes ?? "").toMatch(/^$|operators without a rule: Sign/);
});

test("spoiled files: a typed error each, or a file that is still good", () => {
  const next = randomStream(3);
  const below = (limit: number): number => Math.floor(((next() + 1) / 2) * limit);
  const good = verdicts.filter(({ name }) => name.startsWith("good")).map(({ model }) => Buffer.from(model, "base64"));
  for (let i = 0; i < 1000; i++) {
    const bytes = Uint8Array.from(good[i % good.length]!);
    for (let k = 0; k < 1 + (i % 5); k++) bytes[below(bytes.length)] = i % 2 ? 0xff : below(256);
    const spoiled = i % 3 === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
    try {
      checkModel(spoiled);
    } catch (error) {
      expect(error).toMatchObject({ name: "ResonnxError", code: expect.stringMatching(/^(bad-input|unsupported)$/) });
    }
  }
});
