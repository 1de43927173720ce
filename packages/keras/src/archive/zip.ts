import { ResonnxError, reasonOf } from "@resonnx/base";
import crc32 from "crc-32";
import { type UnzipFileInfo, unzipSync } from "fflate";
import { MemoryBudget } from "../read/memory-budget.ts";
import { storedChecksums } from "./checksums.ts";

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
  readonly #checksums: readonly number[] | undefined;

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
    this.#checksums = storedChecksums(bytes);
  }

  /** The content of a file, undefined when the archive has none of that name. Throws `bad-input`, `unsupported`. */
  read(name: string): Uint8Array | undefined {
    let [size, checksum]: [number, number | undefined] = [0, undefined];
    const content = this.#unzip((file, i) => {
      if (file.name !== name) return false;
      this.#check(file);
      [size, checksum] = [file.originalSize, this.#checksums?.[i]];
      return true;
    })[name];
    if (!content) return undefined;
    if (content.length !== size) throw this.#damaged(`${name} has ${content.length} of ${size} bytes`);
    const own = crc32.buf(content) >>> 0;
    if (own !== checksum) throw this.#damaged(`the CRC-32 of ${name} is ${hex(own)} instead of ${hex(checksum)}`);
    return content;
  }

  /** `filter` also gets the place of a file in the directory. */
  #unzip(filter: (file: UnzipFileInfo, i: number) => boolean): Record<string, Uint8Array> {
    let files = 0;
    try {
      return unzipSync(this.#bytes, {
        filter: (file) => {
          if (++files > MOST_FILES) throw this.#damaged(`more than ${MOST_FILES} files`);
          return filter(file, files - 1);
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

const hex = (checksum: number | undefined): string => checksum?.toString(16).padStart(8, "0") ?? "missing";
