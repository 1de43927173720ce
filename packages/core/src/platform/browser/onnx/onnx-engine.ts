import type { Engine, TrainingJob, TrainingSession } from "../../../engines/engine.ts";
import { OnnxSession } from "../../../engines/onnx/session.ts";
import type { BrowserDevice, WasmOptions } from "./protocol.ts";
import { TrainingWorker } from "./training-worker.ts";

/** Trains by step graphs on onnxruntime-web, in a worker of its own. */
export class OnnxEngine implements Engine {
  readonly name = "onnx";
  readonly device: BrowserDevice;
  readonly reason: string;
  readonly #wasm: WasmOptions;

  constructor(device: BrowserDevice, reason: string, wasm: WasmOptions = {}) {
    this.device = device;
    this.reason = reason;
    this.#wasm = wasm;
  }

  async open(job: TrainingJob): Promise<TrainingSession> {
    const worker = new TrainingWorker(this.device, this.#wasm);
    try {
      return await OnnxSession.open(worker, job, this.device);
    } catch (error) {
      await worker.close();
      throw error;
    }
  }
}
