import { throwIfAborted } from "@resonnx/base";
import { type Assigned, assemble } from "../../../data/assemble.ts";
import type { Dataset } from "../../../data/dataset.ts";
import { mapLimited } from "../../../data/map-limited.ts";
import { lookAlikes } from "../../../data-report/look-alikes.ts";
import { chunksOf, decodeInWorkers, PICTURES_A_TASK } from "../workers/decode-in-workers.ts";
import type { Identity } from "../workers/decode-places.ts";
import { type Corrupt, checkCorrupt, listed, textOf } from "./corrupt.ts";
import type { OpenSettings } from "./dataset-options.ts";
import type { FileTree } from "./files/file-tree.ts";
import { looksOf } from "./looks-of.ts";

/** What is known of pictures before one of them was opened. */
export interface Listed {
  readonly name: string;
  readonly pictures: readonly Assigned[];
  readonly notes: readonly string[];
}

/** The dataset of pictures that fit into memory: each is decoded now, once; corrupt ones are left out. */
export async function loadPictures(tree: FileTree, listing: Listed, settings: OpenSettings): Promise<Dataset> {
  const { name, pictures, notes } = listing;
  const { width, height } = settings;
  const bytes = width * height * 3;
  const { looks, notes: unsearched } = looksOf(settings.lookAlikes, pictures.length);
  const { rgb, identities, corrupt } = await decodeAll(tree, pictures, { ...settings, looks });
  checkCorrupt(corrupt, pictures.length, tree.path);
  const sound = [...pictures.keys()].filter((position) => identities[position] !== undefined);
  const dataset = assemble({
    name,
    width,
    height,
    pictures: sound.map((position) => pictures[position]!),
    digests: sound.map((position) => identities[position]!.digest),
    notes: [
      ...notes,
      ...listed(corrupt.map(textOf), (count) => `${count} of ${pictures.length} pictures are corrupt and left out`),
      ...unsearched,
    ],
    async read(positions) {
      const batch = new Uint8Array(positions.length * bytes);
      for (const [slot, position] of positions.entries()) {
        const at = sound[position]! * bytes;
        batch.set(rgb.subarray(at, at + bytes), slot * bytes);
      }
      return batch;
    },
  });
  if (!looks) return dataset;
  const lookedAt = sound.flatMap((position) => {
    const { digest, look } = identities[position]!;
    return look ? [{ ...pictures[position]!, digest, look }] : [];
  });
  return { ...dataset, alike: lookAlikes(lookedAt) };
}

async function decodeAll(
  tree: FileTree,
  pictures: readonly Assigned[],
  settings: OpenSettings & { readonly looks: boolean },
) {
  const { width, height, looks, signal, onProgress, pool } = settings;
  const bytes = width * height * 3;
  const rgb = new Uint8Array(pictures.length * bytes);
  const identities = new Array<Identity | undefined>(pictures.length);
  const found = new Map<number, Corrupt>();
  let done = 0;
  const chunks = chunksOf([...pictures.keys()], PICTURES_A_TASK);
  await mapLimited(chunks, 2 * pool.size, async (positions) => {
    throwIfAborted(signal, tree.path);
    const places = positions.map((position) => tree.place(pictures[position]!.name));
    const decoded = await decodeInWorkers(pool, { places, width, height, looks });
    rgb.set(decoded.rgb, positions[0]! * bytes);
    for (const [slot, position] of positions.entries()) {
      identities[position] = decoded.identities[slot];
      const reason = decoded.reasons.get(slot);
      if (reason !== undefined) found.set(position, { name: pictures[position]!.name, reason });
      onProgress(++done, pictures.length);
    }
  });
  const corrupt = [...found.keys()].sort((a, b) => a - b).map((position) => found.get(position)!);
  return { rgb, identities, corrupt };
}
