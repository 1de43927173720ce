import { reasonOf } from "@resonnx/base";
import { mapLimited } from "../../../data/map-limited.ts";
import type { PictureFacts } from "../../../data-report/surveyed-picture.ts";
import { digestOf } from "../data/digest.ts";
import { type Place, readPlace } from "../data/files/place.ts";
import { surveyPicture } from "../data/survey-picture.ts";

/** What a picture is, or why it can't be decoded. */
export type Surveyed = PictureFacts | { readonly reason: string };

/** At a time: sharp decodes one in a thread of libuv's while this thread hashes the other. */
const AT_ONCE = 2;

/** Reads, decodes and describes the pictures at these places. */
export function surveyPlaces({ places }: { readonly places: readonly Place[] }): Promise<Surveyed[]> {
  return mapLimited(places, AT_ONCE, async (place) => {
    try {
      const bytes = readPlace(place);
      const digest = digestOf(bytes);
      return { ...(await surveyPicture(bytes)), digest };
    } catch (error) {
      return { reason: reasonOf(error).split("\n", 1)[0]! }; // decoders repeat themselves on the lines that follow
    }
  });
}
