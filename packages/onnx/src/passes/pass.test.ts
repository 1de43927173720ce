import { expect, test } from "vitest";
import { graphOf, opsOf } from "../testing/pass.ts";
import { inferencePasses, optimize, type Pass } from "./index.ts";

const graph = () => graphOf([2, 3], (b, x) => b.op("Identity", [b.op("Identity", [b.relu(x)], {})], {}));

test("passes run until nothing changes, and say how much they did", () => {
  const source = graph();
  const report = optimize(source, inferencePasses);
  expect(opsOf(source)).toEqual(["Relu"]);
  expect(report.find(({ pass }) => pass === "dropIdentities")).toEqual({ pass: "dropIdentities", changes: 2 });
  expect(report.map(({ pass }) => pass)).toEqual(inferencePasses.map(({ name }) => name));
});

test("dead nodes go", () => {
  const source = graphOf([2], (b, x) => {
    b.exp(x);
    return b.relu(x);
  });
  expect(optimize(source, inferencePasses)[0]).toEqual({ pass: "removeDead", changes: 1 });
});

test.each<[string, Pass]>([
  ["test: pass restless: still changes the graph after 50 rounds", { name: "restless", run: () => 1 }],
  [
    "test: pass broken: failed: oops",
    {
      name: "broken",
      run: () => {
        throw new Error("oops");
      },
    },
  ],
])("%s", (message, pass) => {
  expect(() => optimize(graph(), [pass])).toThrow(expect.objectContaining({ code: "internal", message }));
});
