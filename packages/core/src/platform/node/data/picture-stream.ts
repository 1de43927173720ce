import { ResonnxError } from "@resonnx/base";
import type { Assigned } from "../../../data/assemble.ts";
import { SPLIT_NAMES } from "../../../data/dataset.ts";
import { labelsOf } from "../../../data/labels.ts";
import { chunksOf, decodeInWorkers } from "../workers/decode-in-workers.ts";
import { type Corrupt, checkCorrupt } from "./corrupt.ts";
import type { OpenSettings } from "./dataset-options.ts";
import type { FileTree } from "./files/file-tree.ts";
import { PictureCache } from "./picture-cache.ts";

/** Of the memory for decoded pictures, what a cache of a part of them takes: it saves no more than its share. */
const CACHE_SHARE = 1 / 8;

/**
 * Pictures that workers decode when they are asked for. For a corrupt one stands the next sound one of its class and
 * split, so that what is read depends on the files alone and not on the order of reading.
 */
export class PictureStream {
  readonly #tree: FileTree;
  readonly #settings: OpenSettings;
  readonly #names: readonly string[];
  /** A number for each class of each split: who may stand in for whom. */
  readonly #groups: Int32Array;
  readonly #cache: PictureCache;
  readonly #corrupt = new Map<number, string>();

  constructor(tree: FileTree, pictures: readonly Assigned[], settings: OpenSettings) {
    const { width, height, memory } = settings;
    const labels = new Map(labelsOf(pictures).map((label, number) => [label, number]));
    this.#tree = tree;
    this.#settings = settings;
    this.#names = pictures.map(({ name }) => name);
    this.#groups = Int32Array.from(
      pictures,
      ({ label, split }) => labels.get(label)! * SPLIT_NAMES.length + SPLIT_NAMES.indexOf(split),
    );
    this.#cache = new PictureCache(pictures.length, width * height * 3, memory * CACHE_SHARE);
  }

  /** Those that were found so far, in the order of their names. */
  get corrupt(): readonly Corrupt[] {
    const positions = [...this.#corrupt.keys()].sort((a, b) => a - b);
    return positions.map((position) => ({ name: this.#names[position]!, reason: this.#corrupt.get(position)! }));
  }

  /** u8 RGB [positions.length, height, width, 3]. Throws `bad-input` once too many are corrupt. */
  async read(positions: readonly number[]): Promise<Uint8Array> {
    const bytes = this.#settings.width * this.#settings.height * 3;
    const batch = new Uint8Array(positions.length * bytes);
    const wanted: { readonly slot: number; readonly position: number }[] = [];
    for (const [slot, position] of positions.entries()) {
      const sound = this.#standIn(position);
      const cached = this.#cache.get(sound);
      if (cached) batch.set(cached, slot * bytes);
      else wanted.push({ slot, position: sound });
    }
    // Every worker gets a part, so that a batch that is waited for comes as soon as it can.
    const parts = chunksOf(wanted, Math.ceil(wanted.length / this.#settings.pool.size));
    const again = await Promise.all(parts.map((part) => this.#decode(part, batch, bytes)));
    for (const { slot, position } of again.flat()) batch.set(await this.read([position]), slot * bytes);
    return batch;
  }

  /** Decodes a part of a batch into it; those that turn out to be corrupt come back. */
  async #decode(
    part: readonly { readonly slot: number; readonly position: number }[],
    batch: Uint8Array,
    bytes: number,
  ) {
    const places = part.map(({ position }) => this.#tree.place(this.#names[position]!));
    const { pool, width, height } = this.#settings;
    const { rgb, reasons } = await decodeInWorkers(pool, { places, width, height });
    for (const [at, { slot, position }] of part.entries()) {
      const reason = reasons.get(at);
      const picture = rgb.subarray(at * bytes, (at + 1) * bytes);
      if (reason !== undefined) this.#corrupt.set(position, reason);
      else {
        batch.set(picture, slot * bytes);
        this.#cache.keep(position, picture);
      }
    }
    if (reasons.size > 0) checkCorrupt(this.corrupt, this.#names.length, this.#tree.path);
    return part.filter((_, at) => reasons.has(at));
  }

  /** The position itself, or of the next picture of its kind that isn't known to be corrupt. */
  #standIn(position: number): number {
    const { length } = this.#names;
    for (let step = 0; step < length; step++) {
      const other = (position + step) % length;
      if (this.#groups[other] === this.#groups[position] && !this.#corrupt.has(other)) return other;
    }
    const where = `${this.#tree.path} ${this.#names[position]}`;
    const what = `can't be read, nor can another picture of its class and split: ${this.#corrupt.get(position)}`;
    throw new ResonnxError("failed", { where, what });
  }
}
