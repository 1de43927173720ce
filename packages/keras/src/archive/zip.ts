import { ResonnxError, reasonOf } from "@resonnx/base";
import { type UnzipFileInfo, unzipSync } from "fflate";
import { MemoryBudget } from "../read/memory-budget.ts";

const STORED = 0;
const DEFLATED = 8;
/** As many as a zip without zip64's extensions can have; a hostile directory may claim billions. */
const MOST_FILES = 0xffff;

/** A zip archive in memory. */
export class Zip {
  readonly #bytes: Uint8Array;
  readonly #where: string;
  readonly #budget: MemoryBudget;
  readonly names: ReadonlySet<string>;

  /** Throws `bad-input` when the directory is missing or damaged. */
  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes;
    this.#where = where;
    this.#budget = new MemoryBudget(bytes.length);
    const names = new Set<string>();
    this.#unzip(({ name }) => {
      names.add(name);
      return false;
    });
    this.names = names;
  }

  /** The content of a file, undefined when the archive has none of that name. Throws `bad-input`, `unsupported`. */
  read(name: string): Uint8Array | undefined {
    let size = 0;
    const content = this.#unzip((file) => {
      if (file.name !== name) return false;
      this.#check(file);
      size = file.originalSize;
      return true;
    })[name];
    if (content && content.length !== size) throw this.#damaged(`${name} has ${content.length} of ${size} bytes`);
    return content;
  }

  #unzip(filter: (file: UnzipFileInfo) => boolean): Record<string, Uint8Array> {
    let files = 0;
    try {
      return unzipSync(this.#bytes, {
        filter: (file) => {
          if (++files > MOST_FILES) throw this.#damaged(`more than ${MOST_FILES} files`);
          return filter(file);
        },
      });
    } catch (error) {
      throw error instanceof ResonnxError ? error : this.#damaged(reasonOf(error), error);
    }
  }

  /** Before anything is allocated. */
  #check({ name, compression, originalSize }: UnzipFileInfo): void {
    if (compression !== STORED && compression !== DEFLATED) {
      const what = `${name} is packed by an unknown method`;
      throw new ResonnxError("unsupported", { where: this.#where, what, got: `${compression}` });
    }
    this.#budget.take(originalSize, name, this.#where);
  }

  #damaged(reason: string, cause?: unknown): ResonnxError {
    return new ResonnxError("bad-input", {
      where: this.#where,
      what: `the zip archive is cut short or damaged: ${reason}`,
      got: `${this.#bytes.length} bytes`,
      hint: "copy or download it again",
      cause,
    });
  }
}
