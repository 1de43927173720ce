/**
 * The first pictures that came, as many as fit; none makes way for another. An epoch reads every picture once in an
 * order of its own, so nothing that is thrown out for the latest would be read sooner than what it replaces.
 */
export class PictureCache {
  readonly #room: number;
  readonly #slots: Int32Array;
  readonly #pictures: Uint8Array[] = [];

  /** Of `count` pictures of `bytes` bytes each, those that fit into `memory` bytes. */
  constructor(count: number, bytes: number, memory: number) {
    this.#room = Math.floor(memory / bytes);
    this.#slots = new Int32Array(count).fill(-1);
  }

  get(position: number): Uint8Array | undefined {
    return this.#pictures[this.#slots[position]!];
  }

  /** Keeps a copy of a picture, as long as there is room. */
  keep(position: number, picture: Uint8Array): void {
    if (this.#pictures.length === this.#room || this.#slots[position] !== -1) return;
    this.#slots[position] = this.#pictures.length;
    this.#pictures.push(Uint8Array.from(picture));
  }
}
