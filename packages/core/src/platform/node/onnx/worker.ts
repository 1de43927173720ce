// The training thread's main file: onnxruntime's `run` blocks the thread that calls it.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Device } from "../../../engines/engine.ts";
import { answer } from "../../../engines/onnx/answer.ts";
import { FedBackState } from "../../../engines/onnx/fed-back-state.ts";
import { HostState } from "../../../engines/onnx/host-state.ts";
import { buffersOf, type Command } from "../../../engines/onnx/protocol.ts";
import type { Runtime } from "../../../engines/onnx/runtime.ts";
import { Stepper } from "../../../engines/onnx/stepper.ts";
import { WritingSession } from "./writing-session.ts";

const LOG_ERRORS_ONLY = 3;

const runtimeOn = (device: Device): Runtime => ({
  create: async (bytes, onGpu) => {
    const options: InferenceSession.SessionOptions = {
      executionProviders: [device],
      logSeverityLevel: LOG_ERRORS_ONLY,
      // `all` adds layout changes for Conv nodes; a lowered graph has none.
      graphOptimizationLevel: "extended",
      // Its one big block comes on top of what the first step took: 0.5 GB more for ResNet50, and no faster.
      enableMemPattern: false,
      preferredOutputLocation: Object.fromEntries(onGpu.map((name) => [name, "gpu-buffer"])),
    };
    try {
      return await (device === "webgpu"
        ? InferenceSession.create(bytes, options)
        : WritingSession.create(bytes, options));
    } catch (cause) {
      if (device === "cpu") throw cause;
      const hint = "use --device cpu; `resonnx doctor` says more";
      throw new ResonnxError("unavailable", { where: `onnxruntime on ${device}`, what: reasonOf(cause).trim(), hint });
    }
  },
  tensor: (data, dims) => new Tensor("float32", data, dims),
});

function serve(port: MessagePort, device: Device): void {
  const runtime = runtimeOn(device);
  const stepper = new Stepper(runtime, device === "webgpu" ? new FedBackState(runtime, "gpu") : new HostState(runtime)); // onnxruntime-node binds no memory of CUDA's
  // Messages wait while a run blocks the thread, so `close` is read between runs: ending the thread inside one aborts the process.
  port.on("message", async (command: Command) => {
    if (command.do === "close") {
      await stepper.release();
      port.close();
      return;
    }
    const reply = await answer(stepper, command);
    port.postMessage(reply, reply.is === "arrays" ? buffersOf(reply.arrays) : []);
  });
}

if (parentPort === null) throw new Error("worker.js only runs as a worker thread");
serve(parentPort, workerData as Device);
