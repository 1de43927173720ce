import { ResonnxError, reasonOf } from "@resonnx/base";
import { loadModel, type NodeModel } from "@resonnx/runtime-node";
import { createServer, type LogLevel } from "./create-server.ts";

export interface StartOptions {
  /** `NAME=FILE`, once for each model. */
  readonly models: readonly string[];
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Takes what is said at the start and the log's lines. */
  readonly log: (line: string) => void;
  /** `warn` when absent. */
  readonly logLevel?: LogLevel | undefined;
}

/** Loads the models and listens; `close` lets the requests in progress end, then frees the models. Throws `ResonnxError`. */
export async function startServer({
  models,
  port,
  host,
  log,
  logLevel,
}: StartOptions): Promise<{ url: string; close(): Promise<void> }> {
  const files = models.map(parseModel);
  if (files.length === 0) {
    throw new ResonnxError("bad-input", { where: "--model", what: "there is none", wanted: "--model NAME=FILE" });
  }
  const loaded = new Map<string, NodeModel>();
  const dispose = () => Promise.all([...loaded.values()].map((model) => model.dispose()));
  try {
    for (const [name, file] of files) {
      if (loaded.has(name))
        throw new ResonnxError("bad-input", { where: "--model", what: "two models have one name", got: name });
      const model = await loadModel(file);
      loaded.set(name, model);
      log(report(name, file, model));
    }
    const server = createServer({ models: loaded, log, logLevel });
    const url = await server.listen({ port, host }).catch((cause: unknown) => {
      throw new ResonnxError("bad-input", {
        where: "--port",
        what: `can't listen: ${reasonOf(cause)}`,
        hint: "choose another port",
        cause,
      });
    });
    const close = async () => {
      await server.close();
      await dispose();
    };
    return { url, close };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function parseModel(argument: string): [name: string, file: string] {
  const [, name, file] = /^([^=/]+)=(.+)$/.exec(argument) ?? [];
  if (name !== undefined && file !== undefined) return [name, file];
  throw new ResonnxError("bad-input", { where: "--model", what: "can't be read", got: argument, wanted: "NAME=FILE" });
}

function report(name: string, file: string, { info: { provider, skipped } }: NodeModel): string {
  const reasons = skipped.map((skip) => `; not ${skip.provider}: ${skip.reason}`).join("");
  return `${name}: ${file} on ${provider}${reasons}`;
}
