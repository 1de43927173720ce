import { createHash } from "node:crypto";
import { reasonOf } from "@resonnx/base";
import { mapLimited } from "../../../data/map-limited.ts";
import { rgbOf } from "../../../data/rgb.ts";
import { decodePicture } from "../data/decode-picture.ts";
import { type Place, readPlace } from "../data/files/place.ts";

/** Pictures that were decoded. */
export interface Decoded {
  /** u8 RGB [places, height, width, 3]; black where a picture can't be decoded. */
  readonly rgb: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the bytes of each; undefined where it can't be decoded. */
  readonly digests: readonly (string | undefined)[];
  /** Why, of those that can't be. */
  readonly reasons: ReadonlyMap<number, string>;
}

/** At a time: sharp decodes one in a thread of libuv's while this thread resizes the other. */
const AT_ONCE = 2;

/** Reads, decodes and resizes the pictures at these places. */
export async function decodePlaces({
  places,
  width,
  height,
}: {
  readonly places: readonly Place[];
  readonly width: number;
  readonly height: number;
}): Promise<Decoded> {
  const bytes = width * height * 3;
  const rgb = new Uint8Array(places.length * bytes);
  const reasons = new Map<number, string>();
  const digests = await mapLimited(places, AT_ONCE, async (place, slot) => {
    try {
      const file = readPlace(place);
      rgb.set(rgbOf(await decodePicture(file), width, height), slot * bytes);
      return createHash("sha256").update(file).digest("base64");
    } catch (error) {
      reasons.set(slot, reasonOf(error).split("\n", 1)[0]!); // decoders repeat themselves on the lines that follow
      return undefined;
    }
  });
  return { rgb, digests, reasons };
}
