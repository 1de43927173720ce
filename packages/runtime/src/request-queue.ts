import { throwIfAborted } from "@resonnx/base";
import { abortable } from "./abortable.ts";

/** Jobs one after the other, in the order in which they were added; one that fails doesn't disturb the next. */
export class RequestQueue {
  readonly #where: string;
  #last: Promise<unknown> = Promise.resolve();

  /** `where` names the queue in the error of an aborted job. */
  constructor(where: string) {
    this.#where = where;
  }

  /**
   * Settles as the job does. An abort rejects at once: a waiting job is then never started, a running one ends in the
   * background, and the next one waits for that end.
   */
  add<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#last.then(() => {
      throwIfAborted(signal, this.#where);
      return job();
    });
    this.#last = turn.catch(() => undefined); // the caller has the error
    return abortable(turn, signal, this.#where);
  }
}
