import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
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
  try {
    await ask(child, { do: "open", model, provider }, described);
  } catch (error) {
    await stop(child);
    throw isUnavailable(error) ? new ResonnxError("unavailable", plainly(error)) : error;
  }
  return {
    provider: described,
    run: async (inputs) => {
      const reply = await ask(child, { do: "run", inputs: toWire(inputs) }, described);
      if (reply.is !== "ran")
        throw new ResonnxError("internal", { where: described, what: "unexpected reply", got: reply.is });
      return fromWire(reply.outputs);
    },
    close: () => stop(child),
  };
}

function isUnavailable(error: unknown): error is ResonnxError {
  return error instanceof ResonnxError && error.code === "unavailable";
}

/** Here one provider was asked for, so the advice to name others is beside the point. */
function plainly({ facts }: ResonnxError): ErrorFacts {
  return { where: "onnxruntime-node", what: facts.got ?? facts.what };
}

async function ask(child: ChildProcess, command: ChildCommand, where: string): Promise<ChildReply> {
  const reply = await new Promise<ChildReply>((resolve, reject) => {
    const ended = (code: number | null, killedBy: string | null) => {
      const got = killedBy ?? (code === null ? "it is not connected" : `exit code ${code}`);
      reject(new ResonnxError("failed", { where, what: "its process has ended", got }));
    };
    const answered = (message: ChildReply) => {
      child.off("exit", ended);
      resolve(message);
    };
    if (!child.connected) return ended(child.exitCode, child.signalCode);
    child.once("exit", ended).once("message", answered);
    child.send(command);
  });
  if (reply.is === "failed") throw fromWireError(reply.error);
  return reply;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  if (child.connected) child.send({ do: "close" } satisfies ChildCommand);
  await ended;
}
