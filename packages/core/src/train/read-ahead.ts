/** Batches that are made while the engine works on another: one is ready, one is being made, one evens out large pictures. */
export const AHEAD = 3;

/** What comes next, begun before it is asked for: while one is used, up to `ahead` more are made. */
export class ReadAhead<T> {
  readonly #make: (index: number) => Promise<T>;
  readonly #ahead: number;
  readonly #end: number;
  #next: number;
  readonly #begun: Promise<T>[] = [];

  /** The results of `make(from)` to `make(end - 1)`. */
  constructor(from: number, end: number, ahead: number, make: (index: number) => Promise<T>) {
    this.#next = from;
    this.#end = end;
    this.#ahead = ahead;
    this.#make = make;
    this.#begin();
  }

  /** The next one in order; call it `end - from` times at most. */
  async next(): Promise<T> {
    const first = this.#begun.shift()!;
    this.#begin();
    return first;
  }

  /** The next `count` in order. */
  async take(count: number): Promise<T[]> {
    const taken: T[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  /** Begins no more, and ends when nothing is under way, whatever came of it. */
  async stop(): Promise<void> {
    this.#next = this.#end;
    await Promise.allSettled(this.#begun.splice(0));
  }

  #begin(): void {
    while (this.#begun.length < this.#ahead && this.#next < this.#end) {
      const made = this.#make(this.#next++);
      made.catch(() => undefined); // thrown where it is awaited
      this.#begun.push(made);
    }
  }
}
