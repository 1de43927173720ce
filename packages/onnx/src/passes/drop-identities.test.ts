import { expect, test } from "vitest";
import { expectPass, graphOf, opsOf } from "../testing/pass.ts";
import { dropIdentities } from "./drop-identities.ts";

test("nodes that give their input back go", async () => {
  const graph = graphOf([2, 3], (b, x) => {
    const same = b.op("Identity", [b.op("Transpose", [b.relu(x)], { perm: [0, 1] })], {});
    const shape = b.op("Reshape", [b.op("Concat", [same], { axis: 0 }), b.ints([0, -1])], {});
    return b.op("Cast", [b.op("Pad", [shape, b.ints([0, 0, 0, 0])], {})], { to: "float32" });
  });
  await expectPass(dropIdentities, graph, ["Relu"]);
});

test("nodes that change something stay", () => {
  const graph = graphOf([2, 3], (b, x) => [
    b.transpose(x, [1, 0]),
    b.reshape(x, [3, 2]),
    b.pad(x, [1, 0, 0, 0]),
    b.concat([x, x], 0),
    b.op("Cast", [x], { to: "int32" }),
  ]);
  expect(dropIdentities.run(graph)).toBe(0);
  expect(opsOf(graph)).toEqual(["Transpose", "Reshape", "Pad", "Concat", "Cast"]);
});
