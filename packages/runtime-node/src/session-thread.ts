import { Worker } from "node:worker_threads";
import { fromWireError, ResonnxError, reasonOf } from "@resonnx/base";
import { buffersOf, type Command, type Opening, type Reply, type SessionFacts, type WireTensors } from "./protocol.ts";

/** From `src` (tests) and from `dist` alike: a thread can't load TypeScript on Node 20. */
const WORKER = new URL("../dist/worker.js", import.meta.url);

/**
 * One onnxruntime session in a thread of its own. Commands go one at a time; the caller sees to that.
 * An idle thread doesn't keep the process alive.
 */
export class SessionThread {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #death: ResonnxError | undefined;
  #waiting: { resolve(reply: Reply): void; reject(error: ResonnxError): void } | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#exited = new Promise((resolve) => worker.once("exit", () => resolve()));
    worker.on("message", (reply: Reply) => this.#waiting?.resolve(reply));
    worker.on("error", (error) => this.#die(`it broke: ${reasonOf(error)}`));
    worker.on("exit", () => this.#die("it has ended"));
  }

  /** Starts a thread and loads the model there; throws what loading throws. */
  static async open({ source, ...rest }: Opening): Promise<{ thread: SessionThread; facts: SessionFacts }> {
    const bytes = typeof source === "string" ? undefined : Uint8Array.from(source); // its own buffer, which can be moved
    const workerData = { source: bytes ?? source, ...rest };
    const transferList = bytes ? [bytes.buffer] : [];
    const execArgv: string[] = []; // loaders, --eval and the like are the main program's own affair
    const thread = new SessionThread(new Worker(WORKER, { workerData, transferList, execArgv }));
    const reply = await thread.#reply();
    if (reply.is === "ready") return { thread, facts: reply.session };
    await thread.#ended();
    throw unexpected(reply);
  }

  async run(inputs: WireTensors): Promise<WireTensors> {
    const reply = await this.#reply({ do: "run", inputs }, buffersOf(inputs));
    if (reply.is === "done") return reply.outputs;
    throw unexpected(reply);
  }

  /** Frees the session and ends the thread. */
  async close(): Promise<void> {
    const command: Command = { do: "close" };
    this.#worker.postMessage(command);
    await this.#ended();
  }

  async #ended(): Promise<void> {
    this.#worker.ref(); // else a process with nothing else to do ends here
    await this.#exited;
  }

  /** The thread's next message, after a command or at the start; its death is an error. */
  async #reply(command?: Command, moved: ArrayBuffer[] = []): Promise<Reply> {
    if (this.#death) throw this.#death;
    this.#worker.ref();
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject };
        if (command) this.#worker.postMessage(command, moved);
      });
    } finally {
      this.#waiting = undefined;
      this.#worker.unref();
    }
  }

  #die(what: string): void {
    this.#death ??= new ResonnxError("failed", { where: "session thread", what, hint: "load the model again" });
    this.#waiting?.reject(this.#death);
  }
}

function unexpected(reply: Reply): ResonnxError {
  if (reply.is === "failed") return fromWireError(reply.error);
  return new ResonnxError("internal", { where: "session thread", what: "unexpected reply", got: reply.is });
}
