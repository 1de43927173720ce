import { throwIfAborted } from "@resonnx/base";
import { assignSplits } from "../../../data/assign-splits.ts";
import type { GroupOf } from "../../../data/groups.ts";
import { labelsOf } from "../../../data/labels.ts";
import { mapLimited } from "../../../data/map-limited.ts";
import { picturesOf } from "../../../data/named-arrays.ts";
import { pixelsOf } from "../../../data/rgb.ts";
import type { Survey } from "../../../data-report/data-report.ts";
import { lookOf, type SurveyedPicture } from "../../../data-report/surveyed-picture.ts";
import { chunksOf, PICTURES_A_TASK } from "../workers/decode-in-workers.ts";
import type { WorkerPool } from "../workers/worker-pool.ts";
import { type DatasetOptions, settingsOf } from "./dataset-options.ts";
import { digestOf } from "./digest.ts";
import type { FileTree } from "./files/file-tree.ts";
import { readPlace } from "./files/place.ts";
import { openSource, type Source } from "./open-source.ts";
import { listPictures } from "./picture-folder.ts";
import { thumbnailOf } from "./thumbnail.ts";

/** How a data set is looked at: its splits as in training. */
export type SurveyOptions = Pick<DatasetOptions, "group" | "workers" | "signal" | "onProgress">;

/** What was seen, and the pictures themselves to show some of them. */
export interface SurveyedData extends Survey {
  /** The picture of that name, small, as a `data:` URL of a JPEG. */
  thumbnail(name: string): Promise<string>;
}

interface Settings {
  readonly pool: WorkerPool;
  readonly groupOf: GroupOf | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Looks at every picture at a path, anything that `openDataset` takes: sizes, colours and how each looks, with a few hundred
 * bytes a picture kept. Corrupt ones are listed, however many there are. Throws what `openDataset` does.
 */
export async function surveyData(path: string, options: SurveyOptions = {}): Promise<SurveyedData> {
  const settings = settingsOf(options);
  const source = await openSource(path);
  const survey =
    source.is === "pictures" ? await surveyTree(source.tree, settings) : await surveyArrays(source, settings);
  return { ...survey, notes: [...source.notes, ...survey.notes], groupOf: settings.groupOf };
}

async function surveyTree(tree: FileTree, { pool, groupOf, signal, onProgress }: Settings): Promise<SurveyedData> {
  const { name, pictures: listed, notes } = listPictures(tree, groupOf);
  await import("sharp"); // here before in threads that come and go, see decodeInWorkers
  let done = 0;
  const chunks = await mapLimited(chunksOf(listed, PICTURES_A_TASK), 2 * pool.size, async (chunk) => {
    throwIfAborted(signal, tree.path);
    const facts = await pool.run("survey", { places: chunk.map((picture) => tree.place(picture.name)) });
    done += chunk.length;
    onProgress(done, listed.length);
    return facts.map((each, i) => ({ ...chunk[i]!, ...each }));
  });
  const all = chunks.flat();
  return {
    name,
    labels: labelsOf(listed),
    pictures: all.filter((picture) => "digest" in picture),
    corrupt: all
      .filter((picture) => "reason" in picture)
      .map((picture) => ({ name: picture.name, reason: picture.reason })),
    notes,
    thumbnail: (picture) => thumbnailOf(readPlace(tree.place(picture))),
  };
}

type Arrays = Extract<Source, { is: "arrays" }>;

async function surveyArrays(
  { name, arrays }: Arrays,
  { groupOf, signal, onProgress }: Settings,
): Promise<SurveyedData> {
  const { pictures, labels } = picturesOf(arrays, name);
  const { pictures: assigned, notes } = assignSplits(pictures, groupOf);
  const surveyed: SurveyedPicture[] = [];
  for (const picture of assigned) {
    throwIfAborted(signal, name);
    const { width, height, rgb, label, split } = picture;
    const digest = digestOf(rgb);
    const look = lookOf(pixelsOf(rgb, width, height));
    surveyed.push({ name: picture.name, label, split, width, height, mode: "RGB", format: "array", digest, look });
    onProgress(surveyed.length, assigned.length);
  }
  const thumbnail = (wanted: string): Promise<string> => {
    const { rgb, width, height } = pictures.find((picture) => picture.name === wanted)!; // one of the survey's
    return thumbnailOf(rgb, { width, height, channels: 3 });
  };
  return { name, labels, pictures: surveyed, corrupt: [], notes, thumbnail };
}
