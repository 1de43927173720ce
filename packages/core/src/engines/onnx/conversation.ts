import { fromWireError, ResonnxError } from "@resonnx/base";
import type { Arrays, Command, Reply } from "./protocol.ts";

type Answered = Exclude<Command, { do: "close" }>;

/** Commands to a training thread, one at a time: each waits for the reply to the one before. */
export class Conversation {
  readonly #post: (command: Answered, moved: readonly ArrayBuffer[]) => void;
  #death: ResonnxError | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting: { resolve(reply: Reply): void; reject(error: ResonnxError): void } | undefined;

  constructor(post: (command: Answered, moved: readonly ArrayBuffer[]) => void) {
    this.#post = post;
  }

  ask(command: Answered, moved: readonly ArrayBuffer[] = []): Promise<Arrays> {
    const reply = this.#last.then(() => this.#send(command, moved));
    this.#last = reply.catch(() => undefined); // the caller hears of it; the next command is a new one
    return reply;
  }

  /** The thread has answered. */
  answered(reply: Reply): void {
    this.#waiting?.resolve(reply);
  }

  /** The thread will not answer any more. */
  ended(what: string): void {
    this.#death ??= new ResonnxError("failed", { where: "training thread", what });
    this.#waiting?.reject(this.#death);
  }

  /** After the command in progress, whatever came of it. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #send(command: Answered, moved: readonly ArrayBuffer[]): Promise<Arrays> {
    if (this.#death) throw this.#death;
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#post(command, moved);
    });
    if (reply.is === "failed") throw fromWireError(reply.error);
    return reply.is === "arrays" ? reply.arrays : {};
  }
}
