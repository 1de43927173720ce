import onnxProto from "onnx-proto";
import { InferenceSession } from "onnxruntime-node";
import { expect, test } from "vitest";
import { checkModel } from "../check/check-model.ts";
import { graphOf, opsOf } from "../testing/pass.ts";
import { decode } from "./decode.ts";
import { describe } from "./describe.ts";
import { encode } from "./encode.ts";

const { ModelProto } = onnxProto.onnx;

/** A good file, changed. */
function file(change: (model: onnxProto.onnx.ModelProto) => void): Uint8Array {
  const source = graphOf([2, 3], (b, x) => b.op("Softmax", [b.relu(x)], { axis: -1 }));
  const model = ModelProto.decode(encode(source, { opset: 17 }));
  change(model);
  return ModelProto.encode(model).finish();
}

test("ONNX's own domain by its long name", async () => {
  const bytes = file(({ opsetImport, graph }) => {
    for (const named of [...opsetImport, ...graph!.node!]) named.domain = "ai.onnx";
  });
  await (await InferenceSession.create(bytes)).release();
  expect(opsOf(decode(bytes))).toEqual(["Relu", "Softmax"]);
  expect(checkModel(bytes)).toEqual({ opset: 17, irVersion: expect.any(Number), nodes: 2 });
  expect(describe(bytes)).toMatchObject({ opsets: { "": 17 }, ops: { Relu: 1, Softmax: 1 } });
});

test.each<[string, (model: onnxProto.onnx.ModelProto) => void, string]>([
  ["no opset", (model) => model.opsetImport.splice(0), "imports no opset of ONNX's own operators"],
  ["only another domain's opset", ({ opsetImport: [own] }) => Object.assign(own!, { domain: "other" }), "no opset"],
])("%s is refused", (_, change, message) => {
  expect(() => decode(file(change))).toThrow(message);
});
