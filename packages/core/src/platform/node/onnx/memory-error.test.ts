import { Builder, encode, floats, Graph } from "@resonnx/onnx";
import { expect, test } from "vitest";
import { TrainingThread } from "./training-thread.ts";

/** More than the address space of any machine: 2^50 bytes. */
const HUGE = 2 ** 24;

/** y = Σ (x spread over [rows, rows]) */
function spread(rows: number): Uint8Array<ArrayBuffer> {
  const graph = new Graph("spread");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [1, 1] });
  const wide = b.op("Expand", [x, b.ints([rows, rows])], {});
  graph.output("y", b.sum(wide, [0, 1], 0));
  return encode(graph);
}

test("a run that memory doesn't suffice for says what to do, and the thread lives on", async () => {
  const thread = new TrainingThread("cpu");
  const inputs = { x: floats([1, 1], [2]) };
  const run = async (program: string, rows: number) => {
    await thread.ask({ do: "load", program, bytes: spread(rows), state: [] });
    return thread.ask({ do: "run", program, inputs, outputs: ["y"] });
  };
  await expect(run("huge", HUGE)).rejects.toMatchObject({
    code: "failed",
    message: expect.stringMatching(/^training: not enough memory \(got .*\); take a smaller batch .*--save-memory/),
  });
  const { y } = await run("small", 3);
  expect(y!.data[0]).toBe(18);
  await thread.close();
});
