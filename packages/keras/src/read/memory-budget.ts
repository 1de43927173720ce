import { ResonnxError } from "@resonnx/base";

/** Keras doesn't compress; whoever does gains little on weights, but a hostile file unpacks to a thousand times its size. */
const MOST_UNPACKED = 64;
const ALWAYS_ALLOWED = 64 << 20;
/** No array of bytes is larger in every engine. */
const MOST = 2 ** 31;

/** What everything that is unpacked from one file may take together, by the file's size. */
export class MemoryBudget {
  private left: number;
  private readonly fileBytes: number;

  constructor(fileBytes: number) {
    this.fileBytes = fileBytes;
    this.left = Math.min(MOST, Math.max(ALWAYS_ALLOWED, fileBytes * MOST_UNPACKED));
  }

  /** Throws `bad-input` when `what`, which says that it has `bytes`, goes beyond that: to be called before they are allocated. */
  take(bytes: number, what: string, where: string): void {
    this.left -= bytes;
    if (this.left >= 0) return;
    throw new ResonnxError("bad-input", {
      where,
      what: `${what} is larger than its file can hold`,
      got: `${bytes} bytes in a file of ${this.fileBytes}`,
    });
  }
}
