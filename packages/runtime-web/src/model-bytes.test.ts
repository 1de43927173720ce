import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelBytes } from "./model-bytes.ts";

const BODY = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/slow")
      response.write(BODY.subarray(0, 1000)); // and never the rest
    else if (request.url === "/model.onnx") response.setHeader("content-length", BODY.length).end(BODY);
    else response.writeHead(Number(request.url!.slice(1))).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("modelBytes", () => {
  test("fetches, counting the bytes up to the announced total", async () => {
    const seen: number[] = [];
    const bytes = await modelBytes(new URL("/model.onnx", origin), {
      onProgress: ({ loaded, total }) => {
        expect(total).toBe(BODY.length);
        seen.push(loaded);
      },
    });
    expect(Buffer.compare(bytes, BODY)).toBe(0);
    expect(seen.at(-1)).toBe(BODY.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test("takes bytes and Blobs as they are", async () => {
    expect(await modelBytes(BODY)).toBe(BODY);
    expect(Buffer.compare(await modelBytes(new Blob([BODY])), BODY)).toBe(0);
  });

  test("an abort ends a transfer that hangs", async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    await expect(modelBytes(`${origin}/slow`, { signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  test.each([
    ["/404", "not-found", /HTTP 404/],
    ["/410", "not-found", /HTTP 410/],
    ["/500", "failed", /HTTP 500/],
  ])("%s is %s", async (path, code, message) => {
    await expect(modelBytes(origin + path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("a server that isn't there is failed, with a hint", async () => {
    const run = modelBytes("http://127.0.0.1:9/model.onnx");
    await expect(run).rejects.toMatchObject({ code: "failed", facts: { hint: expect.stringMatching(/CORS/) } });
  });
});
