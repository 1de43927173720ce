import { Tensor } from "onnxruntime-common";
import { expect, test } from "vitest";
import { checkInputs } from "./check-inputs.ts";
import type { ValueInfo } from "./model.ts";

const inputs: ValueInfo[] = [
  { name: "image", type: "float32", shape: ["batch", 2, ""] },
  { name: "step", type: "int64", shape: [] },
];
const image = new Tensor("float32", new Float32Array(12), [3, 2, 2]);
const step = new Tensor("int64", BigInt64Array.of(1n), []);

test("accepts every input by name, with any size for a symbolic dimension", () => {
  checkInputs({ inputs }, { image, step });
  checkInputs({ inputs }, { step, image: new Tensor("float32", new Float32Array(0), [0, 2, 9]) });
});

test.each([
  ["a missing input", { image }, "input step: missing (got image, wanted int64 [])"],
  [
    "an unknown input",
    { image, step, picture: image },
    "input picture: the model has no such input (got picture, wanted image, step)",
  ],
  [
    "a wrong type",
    { image, step: new Tensor("int32", Int32Array.of(1), []) },
    "input step: wrong type (got int32 [], wanted int64 [])",
  ],
  [
    "a wrong dimension",
    { image: new Tensor("float32", new Float32Array(12), [2, 3, 2]), step },
    "input image: wrong shape (got float32 [2, 3, 2], wanted float32 [batch, 2, ?])",
  ],
  [
    "a wrong rank",
    { image: new Tensor("float32", new Float32Array(12), [12]), step },
    "input image: wrong shape (got float32 [12], wanted float32 [batch, 2, ?])",
  ],
  [
    "a name from Object.prototype",
    { image, step, toString: image },
    "input toString: the model has no such input (got toString, wanted image, step)",
  ],
])("refuses %s", (_, given, message) => {
  expect(() => checkInputs({ inputs }, given)).toThrow(expect.objectContaining({ code: "bad-input", message }));
});
