import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { fromWireError, ResonnxError, reasonOf } from "@resonnx/base";
import type { Command, Reply } from "./protocol.ts";
import type { Result, Task, TaskKind } from "./tasks.ts";

/** From `src` (tests) and from `dist` alike: a thread can't load TypeScript on Node 20. */
const WORKER = new URL("../../../../dist/platform/node/workers/worker.js", import.meta.url);
/** More don't decode more: sharp works in libuv's threads, of which there are four unless UV_THREADPOOL_SIZE says so. */
const MOST_WORKERS = 8;
/** A task's own objects are few. */
const MEGABYTES = 512;
/** Milliseconds after which a worker that has nothing to do ends. */
const IDLE = 2000;

export interface PoolOptions {
  /** Threads at most; by default one for each core, up to 8. */
  readonly size?: number | undefined;
  /** What a thread runs. */
  readonly script?: URL;
  /** Of JavaScript objects in a thread, after which it dies instead of the process; decoded pictures don't count. */
  readonly megabytes?: number;
}

interface Job {
  readonly command: Exclude<Command, { do: "close" }>;
  resolve(result: Result<TaskKind>): void;
  reject(error: ResonnxError): void;
}

/**
 * Threads that do tasks, first come, first served. They start when there is work, hold the process up only while they
 * work, and end when there has been none for two seconds, so nobody need close them.
 */
export class WorkerPool {
  readonly size: number;
  readonly #options: Required<Pick<PoolOptions, "script" | "megabytes">>;
  readonly #queue: Job[] = [];
  readonly #idle: Thread[] = [];
  readonly #threads = new Set<Thread>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ size, script = WORKER, megabytes = MEGABYTES }: PoolOptions = {}) {
    this.size = size ?? Math.min(availableParallelism(), MOST_WORKERS);
    this.#options = { script, megabytes };
  }

  /** Threads that are alive. */
  get threads(): number {
    return this.#threads.size;
  }

  /** The result of a task. Throws what the task throws, and `failed` when its thread dies. */
  run<K extends TaskKind>(kind: K, task: Task<K>): Promise<Result<K>> {
    return new Promise<Result<K>>((resolve, reject) => {
      const command = { do: kind, task } as Job["command"]; // a kind goes with its task
      this.#queue.push({ command, resolve: resolve as Job["resolve"], reject });
      this.#hand();
    });
  }

  /** Gives waiting jobs to idle threads and to new ones, as long as there may be more. */
  #hand(): void {
    clearTimeout(this.#timer);
    while (this.#queue.length > 0 && (this.#idle.length > 0 || this.#threads.size < this.size)) {
      const thread = this.#idle.pop() ?? this.#start();
      thread.work(this.#queue.shift()!);
    }
    if (this.#idle.length > 0) this.#timer = setTimeout(() => this.#rest(), IDLE).unref();
  }

  #start(): Thread {
    const thread = new Thread(this.#options, {
      done: () => {
        this.#idle.push(thread);
        this.#hand();
      },
      died: () => {
        this.#threads.delete(thread);
        const at = this.#idle.indexOf(thread);
        if (at >= 0) this.#idle.splice(at, 1);
        this.#hand();
      },
    });
    this.#threads.add(thread);
    return thread;
  }

  #rest(): void {
    for (const thread of this.#idle.splice(0)) thread.close();
  }
}

interface Told {
  done(): void;
  died(): void;
}

/** One thread, which does one job at a time. */
class Thread {
  readonly #worker: Worker;
  #job: Job | undefined;
  #reason = "it has ended";

  constructor({ script, megabytes }: Required<Pick<PoolOptions, "script" | "megabytes">>, told: Told) {
    this.#worker = new Worker(script, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: megabytes } });
    this.#worker.unref();
    this.#worker.on("message", (reply: Reply) => {
      const job = this.#job;
      this.#job = undefined;
      this.#worker.unref();
      if (reply.is === "done") job?.resolve(reply.result);
      else job?.reject(fromWireError(reply.error));
      told.done();
    });
    this.#worker.on("error", (error) => {
      this.#reason = `it broke: ${reasonOf(error)}`;
    });
    this.#worker.on("exit", () => {
      this.#job?.reject(new ResonnxError("failed", { where: "picture worker", what: this.#reason }));
      told.died();
    });
  }

  work(job: Job): void {
    this.#job = job;
    this.#worker.ref();
    this.#worker.postMessage(job.command);
  }

  close(): void {
    this.#worker.postMessage({ do: "close" } satisfies Command);
  }
}
