#!/usr/bin/env node
import { parseArgs } from "node:util";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { LOG_LEVELS, type LogLevel } from "./create-server.ts";
import { isOurBug } from "./problem.ts";
import { startServer } from "./start-server.ts";

const log = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string", multiple: true, default: [] },
      port: { type: "string", default: "8000" },
      host: { type: "string", default: "127.0.0.1" },
      "log-level": { type: "string", default: "warn" },
    },
  });
  const { model: models, host } = values;
  const [port, logLevel] = [portOf(values.port), logLevelOf(values["log-level"])];
  const server = await startServer({ models, port, host, log, logLevel });
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

function logLevelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text);
  if (level) return level;
  const wanted = LOG_LEVELS.join(", ");
  throw new ResonnxError("bad-input", { where: "--log-level", what: "no such level", got: text, wanted });
}

/** 2 for what the user can put right, as everywhere in Resonnx; 70 for our own bugs. */
main().catch((error: unknown) => {
  const usage = !isOurBug(error) || (error instanceof TypeError && "code" in error); // parseArgs' own errors
  log(usage ? reasonOf(error) : String(error instanceof Error ? error.stack : error));
  process.exitCode = usage ? 2 : 70;
});
