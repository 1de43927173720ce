import { loadModel, type NodeModel } from "@resonnx/runtime-node";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createServer } from "./create-server.ts";
import { coloursModel, pictures, tensorModel } from "./testing/fixtures.ts";

let server: FastifyInstance;
const models = new Map<string, NodeModel>();
beforeAll(async () => {
  models.set("colours", await loadModel(coloursModel(), { providers: ["cpu"] }));
  models.set("tensors", await loadModel(tensorModel(), { providers: ["cpu"] }));
  server = createServer({ models });
});
afterAll(async () => {
  await server.close();
  for (const model of models.values()) await model.dispose();
});

const classify = (payload: Buffer | string, type = "image/png", path = "colours/classify") =>
  server.inject({ method: "POST", url: `/v2/models/${path}`, payload, headers: { "content-type": type } });

test("health", async () => {
  expect((await server.inject("/v2/health/live")).json()).toEqual({ live: true });
  expect((await server.inject("/v2/health/ready")).json()).toEqual({ ready: true });
  expect((await server.inject("/v2/models/colours/ready")).json()).toEqual({ name: "colours", ready: true });
  expect((await server.inject("/v2/models/nobody/ready")).statusCode).toBe(404);
});

test("a model's metadata, as Open Inference Protocol gives it", async () => {
  expect((await server.inject("/v2/models/colours")).json()).toEqual({
    name: "colours",
    platform: "onnx_onnxv1",
    inputs: [{ name: "image", datatype: "FP32", shape: [-1, 4, 4, 3] }],
    outputs: [{ name: "scores", datatype: "FP32", shape: [-1, 3] }],
    labels: ["red", "green", "blue"],
    provider: "cpu",
    skipped: [],
  });
});

describe("classify", () => {
  test.each(Object.entries(pictures))("%s", async (type, picture) => {
    const response = await classify(picture, type);
    expect(response.statusCode).toBe(200);
    const { model_name, predictions } = response.json();
    expect(model_name).toBe("colours");
    expect(predictions.map(({ label }: { label: string }) => label)).toEqual(["red", "blue", "green"]);
    expect(predictions[0].score).toBeCloseTo(0.8, 2);
  });

  test("topK", async () => {
    const response = await classify(pictures["image/png"], "image/png", "colours/classify?topK=1");
    expect(response.json().predictions).toEqual([{ label: "red", score: expect.closeTo(0.8, 5) }]);
  });

  test("many requests at once", async () => {
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => classify(pictures["image/webp"], "image/webp")),
    );
    expect(responses.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
  });
});

describe("refusals", () => {
  const png = pictures["image/png"];
  test.each([
    [
      "an unknown model",
      () => classify(png, "image/png", "nobody/classify"),
      404,
      "got nobody, wanted colours, tensors",
    ],
    ["a name from Object.prototype", () => classify(png, "image/png", "constructor/classify"), 404, "no such model"],
    ["an unknown route", () => server.inject("/v2/nothing"), 404, "no route GET /v2/nothing"],
    ["a text as JPEG", () => classify("this is text", "image/jpeg"), 400, "can't be decoded"],
    ["half a picture", () => classify(png.subarray(0, 60)), 400, "can't be decoded"],
    ["an empty body", () => classify("", "image/png"), 400, "body"],
    ["no body and no type", () => server.inject({ method: "POST", url: "/v2/models/colours/classify" }), 400, "body"],
    ["JSON", () => classify("{}", "application/json"), 415, "Unsupported Media Type"],
    ["text", () => classify("hello", "text/plain"), 415, "Unsupported Media Type"],
    ["a body beyond the limit", () => classify(Buffer.alloc(21 * 1024 * 1024), "image/png"), 413, "too large"],
    ["topK=0", () => classify(png, "image/png", "colours/classify?topK=0"), 400, "topK"],
    ["topK=many", () => classify(png, "image/png", "colours/classify?topK=many"), 400, "topK"],
    ["a model that can't classify", () => classify(png, "image/png", "tensors/classify"), 501, "resonnx.preprocessing"],
  ])("%s", async (_, request, status, message) => {
    const response = await request();
    expect(response.statusCode).toBe(status);
    expect(Object.keys(response.json())).toEqual(["error"]);
    expect(response.json().error).toContain(message);
  });

  test("after them the server still answers", async () => {
    expect((await classify(png)).statusCode).toBe(200);
  });
});
