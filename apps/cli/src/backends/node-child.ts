import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type ErrorFacts, fromWireError, ResonnxError } from "@resonnx/base";
import type { BackendSession } from "@resonnx/parity";
import { fromWire, type Provider, toWire } from "@resonnx/runtime-node";
import type { ChildCommand, ChildReply } from "./child-protocol.ts";

/**
 * A session of runtime-node in a child process: `env` reaches the dynamic loader and the GPU libraries, which read it
 * when a process starts, and a driver that crashes takes down nothing else.
 */
export async function nodeChild(
  model: Uint8Array,
  provider: Provider,
  env: Readonly<Record<string, string>>,
  described: string,
): Promise<BackendSession> {
  const child = fork(fileURLToPath(new URL("../../dist/backends/child-main.js", import.meta.url)), {
    env: { ...process.env, ...env },
    execArgv: [],
    serialization: "advanced", // typed arrays as they are
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const lost = lossOf(child, described);
  const gone = lost.catch(() => undefined);
  const ask = (command: ChildCommand) => Promise.race([answerOf(child, command, described), lost]).then(unlessFailed);
  try {
    await ask({ do: "open", model, provider });
  } catch (error) {
    await stop(child, gone);
    throw isUnavailable(error) ? new ResonnxError("unavailable", plainly(error)) : error;
  }
  return {
    provider: described,
    run: async (inputs) => {
      const reply = await ask({ do: "run", inputs: toWire(inputs) });
      if (reply.is !== "ran")
        throw new ResonnxError("internal", { where: described, what: "unexpected reply", got: reply.is });
      return fromWire(reply.outputs);
    },
    close: () => stop(child, gone),
  };
}

function isUnavailable(error: unknown): error is ResonnxError {
  return error instanceof ResonnxError && error.code === "unavailable";
}

/** Here one provider was asked for, so the advice to name others is beside the point. */
function plainly({ facts }: ResonnxError): ErrorFacts {
  return { where: "onnxruntime-node", what: facts.got ?? facts.what };
}

/** Rejects when the process ends, can't be started or its channel breaks; it never resolves. */
function lossOf(child: ChildProcess, where: string): Promise<never> {
  return new Promise((_, reject) => {
    child.once("exit", (code, killedBy) => {
      const got = killedBy ?? `exit code ${code}`;
      reject(new ResonnxError("failed", { where, what: "its process has ended", got }));
    });
    child.on("error", (cause) => reject(unreachable(cause, where))); // for ever: nobody else hears a later one
  });
}

function answerOf(child: ChildProcess, command: ChildCommand, where: string): Promise<ChildReply> {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.send(command, (cause) => cause && reject(unreachable(cause, where)));
  });
}

const unreachable = (cause: Error, where: string): ResonnxError =>
  new ResonnxError("failed", { where, what: "its process can't be reached", got: cause.message, cause });

function unlessFailed(reply: ChildReply): Exclude<ChildReply, { is: "failed" }> {
  if (reply.is === "failed") throw fromWireError(reply.error);
  return reply;
}

/** Resolves when the process is `gone`; one that is gone already can't be told, which is as well. */
async function stop(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  child.send({ do: "close" } satisfies ChildCommand, () => undefined);
  await gone;
}
