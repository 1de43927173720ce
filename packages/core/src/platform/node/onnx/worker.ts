// The training thread's main file: onnxruntime's `run` blocks the thread that calls it.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { toWireError } from "@resonnx/base";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Device } from "../../../engines/engine.ts";
import { buffersOf, type Command, type Reply } from "../../../engines/onnx/protocol.ts";
import { Stepper } from "../../../engines/onnx/stepper.ts";

const LOG_ERRORS_ONLY = 3;

function serve(port: MessagePort, device: Device): void {
  const stepper = new Stepper({
    create: (bytes) =>
      InferenceSession.create(bytes, {
        executionProviders: [device],
        logSeverityLevel: LOG_ERRORS_ONLY,
        // `all` adds layout changes for Conv nodes; a lowered graph has none.
        graphOptimizationLevel: "extended",
        // Its one big block comes on top of what the first step took: 0.5 GB more for ResNet50, and no faster.
        enableMemPattern: false,
      }),
    tensor: (data, dims) => new Tensor("float32", data, dims),
  });
  const answer = async (command: Exclude<Command, { do: "close" }>): Promise<Reply> => {
    switch (command.do) {
      case "load":
        await stepper.load(command.program, command.bytes, command.state);
        return { is: "done" };
      case "write":
        stepper.write(command.arrays);
        return { is: "done" };
      case "read":
        return { is: "arrays", arrays: stepper.read() };
      case "run":
        return { is: "arrays", arrays: await stepper.run(command.program, command.inputs, command.outputs) };
    }
  };
  // Messages wait while a run blocks the thread, so `close` is read between runs: ending the thread inside one aborts the process.
  port.on("message", async (command: Command) => {
    if (command.do === "close") {
      await stepper.release();
      port.close();
      return;
    }
    try {
      const reply = await answer(command);
      port.postMessage(reply, reply.is === "arrays" ? buffersOf(reply.arrays) : []);
    } catch (error) {
      port.postMessage({ is: "failed", error: toWireError(error, "onnxruntime") } satisfies Reply);
    }
  });
}

if (parentPort === null) throw new Error("worker.js only runs as a worker thread");
serve(parentPort, workerData as Device);
