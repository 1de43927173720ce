import { Worker } from "node:worker_threads";
import { fromWireError, ResonnxError, reasonOf } from "@resonnx/base";
import type { Device } from "../../../engines/engine.ts";
import type { Arrays, Command, Reply } from "../../../engines/onnx/protocol.ts";
import type { StepperPort } from "../../../engines/onnx/session.ts";

/** From `src` (tests) and from `dist` alike: a thread can't load TypeScript on Node 20. */
const WORKER = new URL("../../../../dist/platform/node/onnx/worker.js", import.meta.url);

/** A Stepper in a thread of its own. Commands are answered in order, one at a time. */
export class TrainingThread implements StepperPort {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #death: ResonnxError | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting: { resolve(reply: Reply): void; reject(error: ResonnxError): void } | undefined;

  constructor(device: Device) {
    this.#worker = new Worker(WORKER, { workerData: device, execArgv: [] });
    this.#exited = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.on("message", (reply: Reply) => this.#waiting?.resolve(reply));
    this.#worker.on("error", (error) => this.#die(`it broke: ${reasonOf(error)}`));
    this.#worker.on("exit", () => this.#die("it has ended"));
  }

  ask(command: Exclude<Command, { do: "close" }>, moved: readonly ArrayBuffer[] = []): Promise<Arrays> {
    const reply = this.#last.then(() => this.#send(command, moved));
    this.#last = reply.catch(() => undefined); // the caller hears of it; the next command is a new one
    return reply;
  }

  /** Frees the sessions after the command in progress, and ends the thread. */
  async close(): Promise<void> {
    await this.#last;
    this.#worker.postMessage({ do: "close" } satisfies Command);
    await this.#exited;
  }

  async #send(command: Command, moved: readonly ArrayBuffer[]): Promise<Arrays> {
    if (this.#death) throw this.#death;
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(command, moved);
    });
    if (reply.is === "failed") throw fromWireError(reply.error);
    return reply.is === "arrays" ? reply.arrays : {};
  }

  #die(what: string): void {
    this.#death ??= new ResonnxError("failed", { where: "training thread", what });
    this.#waiting?.reject(this.#death);
  }
}
