import yauzl from "yauzl";
import type { FileWindow } from "./file-window.ts";

/** A window as yauzl reads a file: each entry of the directory in two small pieces. */
export class WindowReader extends yauzl.RandomAccessReader {
  readonly #file: FileWindow;

  constructor(file: FileWindow) {
    super();
    this.#file = file;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, count?: number) => void,
  ): void {
    try {
      callback(null, this.#file.read(position, length).copy(buffer, offset));
    } catch (error) {
      callback(error as Error); // node:fs throws nothing else
    }
  }
}
