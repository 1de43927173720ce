#!/usr/bin/env node
import { parseArgs } from "node:util";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { startServer } from "./start-server.ts";

const log = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string", multiple: true, default: [] },
      port: { type: "string", default: "8000" },
      host: { type: "string", default: "127.0.0.1" },
    },
  });
  const server = await startServer({ models: values.model, port: portOf(values.port), host: values.host, log });
  log(`listening on ${server.url}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      log(`${signal}: finishing the requests in progress`);
      void server.close();
    });
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new ResonnxError("bad-input", { where: "--port", what: "not a port", got: text, wanted: "0 to 65535" });
}

/** 2 for what the user can put right, as everywhere in Resonnx; 70 for our own bugs. */
main().catch((error: unknown) => {
  const usage = error instanceof ResonnxError || (error instanceof TypeError && "code" in error); // parseArgs' own errors
  log(usage ? reasonOf(error) : String(error instanceof Error ? error.stack : error));
  process.exitCode = usage ? 2 : 70;
});
