import { Worker } from "node:worker_threads";
import { reasonOf } from "@resonnx/base";
import type { Device } from "../../../engines/engine.ts";
import { Conversation } from "../../../engines/onnx/conversation.ts";
import type { Arrays, Command, Reply } from "../../../engines/onnx/protocol.ts";
import type { StepperPort } from "../../../engines/onnx/session.ts";

/** From `src` (tests) and from `dist` alike: a thread can't load TypeScript on Node 20. */
const WORKER = new URL("../../../../dist/platform/node/onnx/worker.js", import.meta.url);

/** A Stepper in a thread of its own. */
export class TrainingThread implements StepperPort {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #conversation: Conversation;

  constructor(device: Device) {
    this.#worker = new Worker(WORKER, { workerData: device, execArgv: [] });
    this.#conversation = new Conversation((command, moved) => this.#worker.postMessage(command, moved));
    this.#exited = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.on("message", (reply: Reply) => this.#conversation.answered(reply));
    this.#worker.on("error", (error) => this.#conversation.ended(`it broke: ${reasonOf(error)}`));
    this.#worker.on("exit", () => this.#conversation.ended("it has ended"));
  }

  ask(command: Exclude<Command, { do: "close" }>, moved?: readonly ArrayBuffer[]): Promise<Arrays> {
    return this.#conversation.ask(command, moved);
  }

  /** Frees the sessions after the command in progress, and ends the thread. */
  async close(): Promise<void> {
    await this.#conversation.idle();
    this.#worker.postMessage({ do: "close" } satisfies Command);
    await this.#exited;
  }
}
