import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes that are read at a time. */
const WINDOW = 1 << 20;

/** A file that is read in small pieces, mostly from front to back: from a window they take no system call each. */
export class FileWindow {
  readonly size: number;
  readonly #file: number;
  #window = Buffer.alloc(0);
  #from = 0;

  constructor(path: string) {
    this.#file = openSync(path, "r");
    this.size = fstatSync(this.#file).size;
  }

  /** These bytes, good until the next read; fewer where the file ends. */
  read(at: number, length: number): Buffer {
    if (at < this.#from || at + length > this.#from + this.#window.length) {
      const window = Buffer.alloc(Math.max(WINDOW, length));
      this.#window = window.subarray(0, readSync(this.#file, window, 0, window.length, at));
      this.#from = at;
    }
    return this.#window.subarray(at - this.#from, at - this.#from + length);
  }

  close(): void {
    closeSync(this.#file);
  }
}
