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

test("neutral numbers go, unless they stretch the other operand", async () => {
  const graph = graphOf([2, 3], (b, x) => {
    const sum = b.add(0, b.sub(b.add(b.relu(x), b.filled([3], 0)), 0));
    return b.op(
      "Expand",
      [b.op("Pow", [b.div(b.mul(sum, b.filled([1, 1], 1)), 1), b.scalar(1)], {}), b.ints([2, 3])],
      {},
    );
  });
  await expectPass(dropIdentities, graph, ["Relu"]);
  const kept = graphOf([2, 3], (b, x) => [b.add(x, b.filled([4, 2, 3], 0)), b.sub(0, x), b.div(1, x), b.mul(x, 2)]);
  expect(dropIdentities.run(kept)).toBe(0);
});
