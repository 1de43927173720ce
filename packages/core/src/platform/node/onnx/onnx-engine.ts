import type { Device, Engine, TrainingJob, TrainingSession } from "../../../engines/engine.ts";
import { OnnxSession } from "../../../engines/onnx/session.ts";
import { TrainingThread } from "./training-thread.ts";

/** Trains by step graphs on onnxruntime-node, in a thread of its own. */
export class OnnxEngine implements Engine {
  readonly name = "onnx";
  readonly device: Device;
  readonly reason: string;

  constructor(device: Device, reason: string) {
    this.device = device;
    this.reason = reason;
  }

  async open(job: TrainingJob): Promise<TrainingSession> {
    const thread = new TrainingThread(this.device);
    try {
      return await OnnxSession.open(thread, job, this.device);
    } catch (error) {
      await thread.close();
      throw error;
    }
  }
}
