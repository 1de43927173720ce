import { ResonnxError } from "@resonnx/base";
import type { Image, Model } from "@resonnx/runtime-node";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { modelMetadata } from "./metadata.ts";
import { answerError } from "./problem.ts";

export interface ServerOptions {
  /** The models by name. The server uses them; whoever loaded them disposes of them, after `close()`. */
  readonly models: ReadonlyMap<string, Model<Image>>;
  /** Takes the log's lines, each a JSON object; absent: there is no log. */
  readonly log?: ((line: string) => void) | undefined;
  /** `warn` when absent: bugs and trouble, not every request (`info` logs those). */
  readonly logLevel?: LogLevel | undefined;
}

export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A request's largest body: a photograph from any phone fits. */
const BODY_LIMIT = 20 * 1024 * 1024;
const PICTURES = ["image/jpeg", "image/png", "image/webp"];
const MAX_TOP_K = 1000;

interface ModelRoute {
  Params: { name: string };
}
interface ClassifyRoute extends ModelRoute {
  Querystring: { topK?: number };
  Body: Buffer;
}

/** The HTTP server as a value: nothing listens until `listen` is called, and `inject` answers without a socket. */
export function createServer({ models, log, logLevel = "warn" }: ServerOptions): FastifyInstance {
  const logger = log ? { level: logLevel, stream: { write: (line: string) => log(line.trimEnd()) } } : false;
  const server = Fastify({ bodyLimit: BODY_LIMIT, logger });
  const find = (name: string): Model<Image> => models.get(name) ?? unknownModel(name, models);

  server.removeAllContentTypeParsers(); // whatever is not a picture is 415
  server.addContentTypeParser(PICTURES, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.setErrorHandler(answerError);
  server.setNotFoundHandler(({ method, url }, reply) => reply.code(404).send({ error: `no route ${method} ${url}` }));

  server.get("/v2/health/live", () => ({ live: true }));
  server.get("/v2/health/ready", () => ({ ready: true })); // models are loaded before the server exists
  server.get<ModelRoute>("/v2/models/:name", ({ params: { name } }) => modelMetadata(name, find(name).info));
  server.get<ModelRoute>("/v2/models/:name/ready", ({ params: { name } }) => {
    find(name);
    return { name, ready: true };
  });
  server.post<ClassifyRoute>(
    "/v2/models/:name/classify",
    {
      schema: {
        querystring: { type: "object", properties: { topK: { type: "integer", minimum: 1, maximum: MAX_TOP_K } } },
      },
    },
    async ({ params: { name }, query: { topK }, body }, reply) => {
      const model = find(name);
      if (!body?.length) {
        const wanted = PICTURES.join(", ");
        throw new ResonnxError("bad-input", { where: "body", what: "the request has none", wanted });
      }
      const predictions = await model.classify(body, { signal: whenGone(reply), ...(topK && { topK }) });
      return { model_name: name, predictions };
    },
  );
  return server;
}

function unknownModel(name: string, models: ServerOptions["models"]): never {
  const wanted = [...models.keys()].join(", ");
  throw new ResonnxError("not-found", { where: "model", what: "there is no such model", got: name, wanted });
}

/** Fires when the client goes away before it has its answer. */
function whenGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
