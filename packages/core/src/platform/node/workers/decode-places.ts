import { reasonOf } from "@resonnx/base";
import { mapLimited } from "../../../data/map-limited.ts";
import { pixelsOf, rgbOf } from "../../../data/rgb.ts";
import { type Look, lookOf } from "../../../data-report/surveyed-picture.ts";
import { decodePicture } from "../data/decode-picture.ts";
import { digestOf } from "../data/digest.ts";
import { type Place, readPlace } from "../data/files/place.ts";

/** What a picture is the same as others by. */
export interface Identity {
  /** SHA-256 of its file. */
  readonly digest: string;
  /** Of the resized picture, which costs nothing beside the file's; only where it is asked for. */
  readonly look?: Look;
}

/** Pictures to decode, and the size that they are to have. */
export interface DecodeJob {
  readonly places: readonly Place[];
  readonly width: number;
  readonly height: number;
  /** Whether to say how each looks; false when not given. */
  readonly looks?: boolean;
}

/** Pictures that were decoded. */
export interface Decoded {
  /** u8 RGB [places, height, width, 3]; black where a picture can't be decoded. */
  readonly rgb: Uint8Array<ArrayBuffer>;
  /** Of each what it is the same as others by; undefined where it can't be decoded. */
  readonly identities: readonly (Identity | undefined)[];
  /** Why, of those that can't be. */
  readonly reasons: ReadonlyMap<number, string>;
}

/** At a time: sharp decodes one in a thread of libuv's while this thread resizes the other. */
const AT_ONCE = 2;

/** Reads, decodes and resizes the pictures at these places. */
export async function decodePlaces({ places, width, height, looks = false }: DecodeJob): Promise<Decoded> {
  const bytes = width * height * 3;
  const rgb = new Uint8Array(places.length * bytes);
  const reasons = new Map<number, string>();
  const identities = await mapLimited(places, AT_ONCE, async (place, slot) => {
    try {
      const file = readPlace(place);
      const picture = rgbOf(await decodePicture(file), width, height);
      rgb.set(picture, slot * bytes);
      const digest = digestOf(file);
      return looks ? { digest, look: lookOf(pixelsOf(picture, width, height)) } : { digest };
    } catch (error) {
      reasons.set(slot, reasonOf(error).split("\n", 1)[0]!); // decoders repeat themselves on the lines that follow
      return undefined;
    }
  });
  return { rgb, identities, reasons };
}
