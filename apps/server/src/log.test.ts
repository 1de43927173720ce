import { ResonnxError } from "@resonnx/base";
import { loadModel, type NodeModel } from "@resonnx/runtime-node";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createServer, type LogLevel } from "./create-server.ts";
import { isOurBug } from "./problem.ts";
import { coloursModel, pictures } from "./testing/fixtures.ts";

let model: NodeModel;
let server: FastifyInstance | undefined;
beforeEach(async () => {
  model = await loadModel(coloursModel(), { providers: ["cpu"] });
});
afterEach(async () => {
  await server?.close();
  await model.dispose();
});

/** The server on a real socket, with a route of its own that throws. */
async function listen(thrown: Error, logLevel?: LogLevel): Promise<{ address: string; lines: string[] }> {
  const lines: string[] = [];
  server = createServer({ models: new Map([["colours", model]]), log: (line) => lines.push(line), logLevel });
  server.get("/broken", () => Promise.reject(thrown));
  return { address: await server.listen({ port: 0, host: "127.0.0.1" }), lines };
}

test.each([
  ["a bug of ours", new ResonnxError("internal", { where: "here", what: "can't be" })],
  ["an error of no type", new TypeError("x is not a function")],
])("%s: the client learns nothing of it, the log all", async (_, thrown) => {
  const { address, lines } = await listen(thrown);
  const response = await fetch(`${address}/broken`);
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ error: "internal error" });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    err: { message: thrown.message, stack: thrown.stack },
    reqId: "req-1",
  });
});

test("what the client can put right, and a picture classified, leave nothing in the log", async () => {
  const { address, lines } = await listen(new ResonnxError("bad-input", { where: "body", what: "no" }));
  expect(await (await fetch(`${address}/broken`)).json()).toEqual({ error: "body: no" });
  const body = pictures["image/png"];
  const headers = { "content-type": "image/png" };
  expect((await fetch(`${address}/v2/models/colours/classify`, { method: "POST", headers, body })).status).toBe(200);
  expect(lines).toEqual([]);
});

test("at info every request is logged", async () => {
  const { address, lines } = await listen(new Error("unused"), "info");
  await fetch(`${address}/v2/health/live`);
  expect(lines.some((line) => line.includes("/v2/health/live"))).toBe(true);
});

test("exit codes and answers ask the same question", () => {
  expect(isOurBug(new ResonnxError("internal", { where: "a", what: "b" }))).toBe(true);
  expect(isOurBug(new ResonnxError("failed", { where: "a", what: "b" }))).toBe(false);
  expect(isOurBug(new Error("c"))).toBe(true);
});
