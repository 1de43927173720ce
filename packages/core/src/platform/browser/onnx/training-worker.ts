import { Conversation } from "../../../engines/onnx/conversation.ts";
import type { Arrays, Command, Reply } from "../../../engines/onnx/protocol.ts";
import type { StepperPort } from "../../../engines/onnx/session.ts";
import type { BrowserCommand, BrowserDevice, WasmOptions } from "./protocol.ts";

/** A Stepper in a worker of the page. */
export class TrainingWorker implements StepperPort {
  readonly #worker: Worker;
  readonly #conversation: Conversation;

  constructor(device: BrowserDevice, wasm: WasmOptions) {
    // In this form bundlers find the worker's file and bundle it with what it imports.
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.#conversation = new Conversation((command, moved) => this.#tell(command, moved));
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => this.#conversation.answered(data));
    this.#worker.addEventListener("error", ({ message }) => this.#conversation.ended(`it broke: ${message}`));
    this.#tell({ do: "start", device, ...wasm }, []);
  }

  ask(command: Exclude<Command, { do: "close" }>, moved?: readonly ArrayBuffer[]): Promise<Arrays> {
    return this.#conversation.ask(command, moved);
  }

  /** Ends the worker at once, with all memory that it has; a command in progress fails. */
  async close(): Promise<void> {
    this.#worker.terminate();
    this.#conversation.ended("it was closed");
  }

  #tell(command: BrowserCommand, moved: readonly ArrayBuffer[]): void {
    this.#worker.postMessage(command, { transfer: [...moved] });
  }
}
