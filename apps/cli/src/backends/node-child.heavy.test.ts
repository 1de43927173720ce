import { Builder, encode, Graph } from "@resonnx/onnx";
import { Tensor } from "@resonnx/runtime";
import { afterEach, expect, test } from "vitest";
import { nodeChild } from "./node-child.ts";

function relu(): Uint8Array {
  const graph = new Graph("relu");
  graph.output("y", new Builder(graph).relu(graph.input("x", { dtype: "float32", shape: [2] })));
  return encode(graph);
}

const inputs = { x: new Tensor("float32", Float32Array.of(-1, 2), [2]) };

/** A child whose `process.send(reply)` is this function's body; Node runs it before the child's own code (and its threads'). */
function open(send?: string) {
  const code = `const reallySend = process.send?.bind(process); if (reallySend) process.send = (reply) => { ${send} }`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
  return nodeChild(relu(), "cpu", send === undefined ? {} : env, "the child");
}

const { execPath } = process;
afterEach(() => {
  process.execPath = execPath;
});

test("a child answers and closes, more than once", async () => {
  const session = await open();
  expect((await session.run(inputs)).y?.data).toEqual(Float32Array.of(0, 2));
  expect((await session.run(inputs)).y?.data).toEqual(Float32Array.of(0, 2));
  await session.close();
  await session.close();
  await expect(session.run(inputs)).rejects.toMatchObject({ code: "failed" });
});

test("a child killed while it runs fails the run, and closing it ends", async () => {
  const session = await open(`reply.is === "ran" ? process.kill(process.pid, "SIGKILL") : reallySend(reply)`);
  await expect(session.run(inputs)).rejects.toMatchObject({
    code: "failed",
    facts: { where: "the child", what: "its process has ended", got: "SIGKILL" },
  });
  await session.close();
});

test("a run sent to a child whose end isn't known yet fails and is no uncaught exception", async () => {
  const session = await open(`reallySend(reply); setTimeout(() => process.kill(process.pid, "SIGKILL"), 50)`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500); // it dies, and we can't hear of it
  await expect(session.run(inputs)).rejects.toMatchObject({ code: "failed", facts: { where: "the child" } });
  await session.close();
});

test("a child that can't be started is told", async () => {
  process.execPath = "/no/such/node";
  await expect(open()).rejects.toMatchObject({ code: "failed", message: expect.stringContaining("ENOENT") });
});
