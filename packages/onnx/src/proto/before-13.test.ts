import onnxProto from "onnx-proto";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { randomStream, randomTensor } from "../testing/random.ts";
import { maxDifference } from "../testing/run.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";

const { ModelProto, AttributeProto } = onnxProto.onnx;

/** A file of one node that reads a picture x of these sizes. */
function file(opType: string, opset: number, dims: readonly (number | string)[], axis?: number): Uint8Array {
  const shape = {
    dim: dims.map((dim) => (typeof dim === "number" ? { dimValue: dim } : { dimParam: dim })),
  };
  const value = (name: string) => ({ name, type: { tensorType: { elemType: 1, shape } } });
  const attribute = axis === undefined ? [] : [{ name: "axis", type: AttributeProto.AttributeType.INT, i: axis }];
  return ModelProto.encode({
    irVersion: 4,
    opsetImport: [{ version: opset }],
    graph: {
      name: "g",
      node: [{ opType, name: "head", input: ["x"], output: ["y"], attribute }],
      input: [value("x")],
      output: [value("y")],
    },
  }).finish();
}

const DIMS = [2, 3, 4, 2];
const { data } = randomTensor(randomStream(5), DIMS);

async function outcome(bytes: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const { y } = await session.run({ x: new Tensor("float32", data, DIMS) });
  await session.release();
  return y!.data as Float32Array;
}

describe.each(["Softmax", "LogSoftmax"])("%s", (op) => {
  test.each([
    [7, undefined],
    [9, 1],
    [9, 0],
    [11, -2],
    [12, 3],
    [13, undefined],
    [13, 1],
  ])("of opset %d by axis %s gives onnxruntime's numbers when read and written again", async (opset, axis) => {
    for (const dims of [DIMS, ["batch", 3, 4, 2], ["batch", 3, "h", "w"]]) {
      const bytes = file(op, opset, dims, axis);
      expect(maxDifference(await outcome(encode(decode(bytes))), await outcome(bytes))).toBeLessThan(1e-6);
    }
  });

  test("by the last axis it stays one node", () => {
    expect(
      decode(file(op, 9, DIMS, 3))
        .order()
        .map((node) => [node.op, node.name]),
    ).toEqual([[op, "head"]]);
  });

  test("an axis that there is not is refused", () => {
    expect(() => decode(file(op, 9, DIMS, 4))).toThrow("axis out of range");
  });
});
