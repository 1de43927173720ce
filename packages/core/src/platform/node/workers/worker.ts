// A picture worker's main file: reads, decodes and changes pictures, so that the threads that train don't.
import { type MessagePort, parentPort } from "node:worker_threads";
import { toWireError } from "@resonnx/base";
import type { Command, Reply } from "./protocol.ts";
import { type Task, type TaskKind, tasks } from "./tasks.ts";

async function answer<K extends TaskKind>(port: MessagePort, kind: K, task: Task<K>): Promise<void> {
  try {
    const result = await tasks[kind].run(task);
    port.postMessage({ is: "done", result } satisfies Reply, tasks[kind].moved(result));
  } catch (error) {
    port.postMessage({ is: "failed", error: toWireError(error, "picture worker") } satisfies Reply);
  }
}

function serve(port: MessagePort): void {
  port.on("message", (command: Command) => {
    if (command.do === "close") port.close();
    else void answer(port, command.do, command.task);
  });
}

if (parentPort === null) throw new Error("worker.js only runs as a worker thread");
serve(parentPort);
