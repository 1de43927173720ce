// The session thread's main file: onnxruntime's `run` blocks the thread that calls it, so each session has its own.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { ResonnxError, toWireError } from "@resonnx/base";
import { openFirst, type ValueInfo } from "@resonnx/runtime";
import { InferenceSession } from "onnxruntime-node";
import { buffersOf, type Command, fromWire, type Opening, type Reply, toWire } from "./protocol.ts";
import { type Machine, obstacles, type Provider } from "./providers.ts";

const LOG_ERRORS_ONLY = 3;

/** Where onnxruntime-node keeps its binding and the libraries beside it. */
function bindingFolder(): string {
  const main = createRequire(import.meta.url).resolve("onnxruntime-node");
  return join(dirname(main), "../bin/napi-v6", process.platform, process.arch);
}

async function open({ source, providers, named }: Opening) {
  const { platform, env } = process;
  const machine: Machine = { platform, env, root: "/", bindingFolder: bindingFolder(), named };
  return openFirst<Provider, InferenceSession>(providers, "cpu", async (provider) => {
    const obstacle = obstacles[provider](machine);
    if (obstacle) throw new ResonnxError("unavailable", { where: provider, what: obstacle });
    const options = { executionProviders: [provider], logSeverityLevel: LOG_ERRORS_ONLY } as const;
    return typeof source === "string"
      ? InferenceSession.create(source, options)
      : InferenceSession.create(source, options);
  });
}

function values(metadata: readonly InferenceSession.ValueMetadata[]): ValueInfo[] {
  return metadata.map((value) => {
    if (!value.isTensor) {
      throw new ResonnxError("unsupported", { where: value.name, what: "the model's input or output is not a tensor" });
    }
    return { name: value.name, type: value.type, shape: value.shape };
  });
}

async function serve(port: MessagePort, opening: Opening): Promise<void> {
  const post = (reply: Reply) => port.postMessage(reply, reply.is === "done" ? buffersOf(reply.outputs) : []);
  try {
    const { session, report } = await open(opening);
    const facts = { inputs: values(session.inputMetadata), outputs: values(session.outputMetadata), ...report };
    // Messages wait while a run blocks the thread, so `close` is read between runs: ending the thread inside one aborts the process.
    port.on("message", async (command: Command) => {
      if (command.do === "close") {
        await session.release();
        port.close();
        return;
      }
      try {
        post({ is: "done", outputs: toWire(await session.run(fromWire(command.inputs))) });
      } catch (error) {
        post({ is: "failed", error: toWireError(error, "onnxruntime") });
      }
    });
    post({ is: "ready", session: facts });
  } catch (error) {
    post({ is: "failed", error: toWireError(error, "onnxruntime") });
    port.close();
  }
}

if (parentPort === null) throw new Error("worker.js only runs as a worker thread");
await serve(parentPort, workerData);
