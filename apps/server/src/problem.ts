import { type ErrorCode, ResonnxError } from "@resonnx/base";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

/** The HTTP status of every kind of failure (the codes that Triton gives them; 499 is nginx's for a client that left). */
export const statuses: { readonly [C in ErrorCode]: number } = {
  "bad-input": 400,
  "not-found": 404,
  unsupported: 501,
  unavailable: 503,
  failed: 500,
  aborted: 499,
  internal: 500,
};

/** Our own bug, which whoever asked can't put right: anything but a typed error, and the type for bugs. */
export const isOurBug = (error: unknown): boolean => !(error instanceof ResonnxError) || error.code === "internal";

/** Answers any error as Open Inference Protocol's `{ error }`; the text of an unexpected one stays in the log. */
export function answerError(
  error: FastifyError | ResonnxError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = error instanceof ResonnxError ? statuses[error.code] : (error.statusCode ?? 500);
  const unexpected = isOurBug(error) && status >= 500;
  if (unexpected) request.log.error(error);
  return reply.code(status).send({ error: unexpected ? "internal error" : error.message });
}
