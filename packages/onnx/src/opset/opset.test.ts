import { InferenceSession } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { Builder, decode, encode, Graph, print } from "../index.ts";
import { OPSETS } from "../schema/schema.ts";
import { graphOf } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { maxDifference, run } from "../testing/run.ts";

const x = randomTensor(randomStream(2), [2, 3, 4]);

/** Operators whose form changes between the opsets. */
const changing = (): Graph =>
  graphOf([2, 3, 4], (b, x) => {
    const norm = b.op("LayerNormalization", [x, b.filled([4], 2), b.filled([4], 0.5)], { axis: -1, epsilon: 2 ** -10 });
    return [norm, b.mean(x, [0, 2], 1), b.op("ReduceMax", [x], { keepdims: 0 }), b.sum(x, [1], 0)];
  });

const shapeOf = (graph: Graph) => graph.order().map(({ op, attrs, inputs }) => [op, attrs, inputs.length]);

test.each(Array.from({ length: OPSETS.most - OPSETS.least + 1 }, (_, i) => OPSETS.least + i))(
  "opset %i gives the numbers of opset 17, and reads back as what was written",
  async (opset) => {
    const wanted = await run(changing(), { x });
    const got = await run(changing(), { x }, opset);
    for (const name of Object.keys(wanted)) expect(maxDifference(got[name]!, wanted[name]!)).toBeLessThan(1e-6);
    const twice = decode(encode(decode(encode(changing(), { opset })), { opset }));
    expect(print(twice)).toBe(print(decode(encode(changing(), { opset }))));
    if (opset >= 17) expect(shapeOf(decode(encode(changing(), { opset })))).toEqual(shapeOf(changing()));
  },
);

describe("refusals", () => {
  test.each([12, 24, 17.5])("opset %d", (opset) => {
    expect(() => encode(changing(), { opset })).toThrow(expect.objectContaining({ code: "unsupported" }));
  });

  test("what an older version of an operator can't say", () => {
    const graph = graphOf([2, 3, 4], (b, x) => {
      const p = b.filled([3], 1);
      return b.ops("BatchNormalization", [x, p, p, p, p], { epsilon: 1e-3, training_mode: 1 }, 3)[0]!;
    });
    expect(() => encode(graph, { opset: 13 })).toThrow(
      'BatchNormalization at opset 13: attribute "training_mode" does not exist in this version',
    );
    expect(() => encode(graph, { opset: 14 })).not.toThrow();
  });

  test("an element type that an older version does not take", () => {
    const graph = new Graph("g");
    const bytes = graph.input("x", { dtype: "uint8", shape: [2] });
    graph.output("y", new Builder(graph).add(bytes, bytes));
    expect(() => encode(graph, { opset: 13 })).toThrow('Add at opset 13: element type of input "A" (got uint8');
    expect(() => encode(graph, { opset: 14 })).not.toThrow();
  });
});

test("the default of an attribute that came later is left out", async () => {
  const graph = graphOf([2, 3, 4], (b, x) => {
    const p = b.filled([3], 1);
    return b.op("BatchNormalization", [x, p, p, p, p], { epsilon: 1e-3, training_mode: 0 });
  });
  const session = await InferenceSession.create(encode(graph, { opset: 13 }));
  expect(session.inputNames).toEqual(["x"]);
  await session.release();
});
