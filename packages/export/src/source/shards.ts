import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";

/** Reads weight data front to back, whatever number of buffers it is cut into. */
export class ShardReader {
  private readonly shards: readonly Uint8Array[];
  private readonly where: string;
  private readonly total: number;
  private shard = 0;
  private offset = 0;
  private taken = 0;

  constructor(data: io.WeightData | undefined, where: string) {
    const buffers = data === undefined ? [] : Array.isArray(data) ? data : [data];
    this.shards = buffers.map((buffer) => new Uint8Array(buffer));
    this.where = where;
    this.total = this.shards.reduce((total, shard) => total + shard.byteLength, 0);
  }

  /** The next bytes, at an address divisible by `alignment`: a view where one shard holds them so, else a copy. */
  take(length: number, alignment: number, where: string): Uint8Array {
    if (length > this.total - this.taken)
      throw new ResonnxError("bad-input", {
        where,
        what: "the weight data ends too early",
        got: `${this.total - this.taken} bytes`,
        wanted: `${length}`,
        hint: "a shard is missing or cut short",
      });
    this.taken += length;
    this.skipEmpty();
    const shard = this.shards[this.shard];
    if (shard && shard.byteLength - this.offset >= length && (shard.byteOffset + this.offset) % alignment === 0) {
      this.offset += length;
      return shard.subarray(this.offset - length, this.offset);
    }
    return this.gather(length);
  }

  /** Throws when bytes are left over. */
  end(): void {
    if (this.taken !== this.total)
      throw new ResonnxError("bad-input", {
        where: this.where,
        what: "the weight data is longer than the weights",
        got: `${this.total} bytes`,
        wanted: `${this.taken}`,
      });
  }

  private gather(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      this.skipEmpty();
      const shard = this.shards[this.shard]!; // `take` has checked that there is enough
      const piece = shard.subarray(this.offset, this.offset + length - done);
      bytes.set(piece, done);
      done += piece.byteLength;
      this.offset += piece.byteLength;
    }
    return bytes;
  }

  private skipEmpty(): void {
    while (this.shard < this.shards.length && this.offset === this.shards[this.shard]!.byteLength) {
      this.shard++;
      this.offset = 0;
    }
  }
}
