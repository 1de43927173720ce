import { ResonnxError } from "@resonnx/base";
import { MemoryBudget } from "../read/memory-budget.ts";

/** One file in a zip archive. */
interface Entry {
  readonly method: number;
  readonly start: number;
  readonly packed: number;
  readonly size: number;
}

const END = 0x06054b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;

/** A zip archive in memory, read by its central directory (PKWARE APPNOTE 4.3); no zip64, which starts at 4 GB. */
export class Zip {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #where: string;
  readonly #budget: MemoryBudget;
  readonly #entries: ReadonlyMap<string, Entry>;

  /** Throws `bad-input` when the directory is missing or points outside the file. */
  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#where = where;
    this.#budget = new MemoryBudget(bytes.length);
    this.#entries = this.#directory();
  }

  /** The content of a file, undefined when the archive has none of that name. Throws `bad-input`, `unsupported`. */
  async read(name: string): Promise<Uint8Array | undefined> {
    const entry = this.#entries.get(name);
    if (!entry) return undefined;
    const packed = this.#bytes.subarray(entry.start, entry.start + entry.packed);
    if (entry.method === STORED) return packed;
    if (entry.method !== DEFLATED) {
      throw new ResonnxError("unsupported", {
        where: this.#where,
        what: `${name} is packed by an unknown method`,
        got: `${entry.method}`,
      });
    }
    this.#budget.take(entry.size, name, this.#where);
    return inflate(packed, entry.size).catch((cause: unknown) => {
      throw new ResonnxError("bad-input", {
        where: this.#where,
        what: `${name} can't be unpacked: the archive is damaged`,
        cause,
      });
    });
  }

  #directory(): Map<string, Entry> {
    const end = this.#findEnd();
    const count = this.#view.getUint16(end + 10, true);
    let at = this.#view.getUint32(end + 16, true);
    const entries = new Map<string, Entry>();
    for (let i = 0; i < count; i++) {
      if (at + CENTRAL_SIZE > end || this.#view.getUint32(at, true) !== CENTRAL) throw this.#damaged();
      const nameLength = this.#view.getUint16(at + 28, true);
      const local = this.#view.getUint32(at + 42, true);
      const [packed, size] = [this.#view.getUint32(at + 20, true), this.#view.getUint32(at + 24, true)];
      const name = new TextDecoder().decode(this.#bytes.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + nameLength));
      if (local + LOCAL_SIZE > end) throw this.#damaged();
      // The lengths in front of the data may differ from the directory's.
      const start =
        local + LOCAL_SIZE + this.#view.getUint16(local + 26, true) + this.#view.getUint16(local + 28, true);
      if (start + packed > end) throw this.#damaged();
      entries.set(name, { method: this.#view.getUint16(at + 10, true), start, packed, size });
      at += CENTRAL_SIZE + nameLength + this.#view.getUint16(at + 30, true) + this.#view.getUint16(at + 32, true);
    }
    return entries;
  }

  #findEnd(): number {
    const last = this.#bytes.length - END_SIZE;
    for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
      if (this.#view.getUint32(at, true) === END) return at;
    }
    throw this.#damaged();
  }

  #damaged(): ResonnxError {
    return new ResonnxError("bad-input", {
      where: this.#where,
      what: "the zip archive is cut short or damaged",
      got: `${this.#bytes.length} bytes`,
      hint: "copy or download it again",
    });
  }
}

/** Stops as soon as more comes out than the directory says. */
async function inflate(packed: Uint8Array, size: number): Promise<Uint8Array> {
  const stream = new Blob([packed.slice()]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    if (length > size) throw new Error(`more than the ${size} bytes that the directory gives`);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
