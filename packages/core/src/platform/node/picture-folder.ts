import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { type Pixels, ResonnxError, reasonOf, throwIfAborted } from "@resonnx/base";
import { assemble, type LoadedPicture } from "../../data/assemble.ts";
import { assignSplits } from "../../data/assign-splits.ts";
import type { Dataset, Labelled, SplitName } from "../../data/dataset.ts";
import { checkLabels, labelsOf } from "../../data/labels.ts";
import { catalog } from "../../data/layouts/index.ts";
import { mapLimited } from "../../data/map-limited.ts";
import { rgbOf } from "../../data/rgb.ts";
import type { OpenSettings } from "./dataset-options.ts";
import { decodePicture } from "./decode-picture.ts";
import { listPictures } from "./list-pictures.ts";

/** Up to this share of the pictures (and always one) may be corrupt. */
const CORRUPT_SHARE = 0.1;
/** Names that a note shows. */
const SHOWN = 10;

/** The pictures of a folder, each decoded once to find the corrupt ones. Throws `bad-input` on anything but a data set. */
export async function openPictureFolder(path: string, settings: OpenSettings): Promise<Dataset> {
  const { width, height } = settings;
  const { pictures, leftOut } = catalog(await listPictures(path), path);
  checkLabels(labelsOf(pictures), path);
  const assigned = assignSplits(pictures);
  const loaded = await load(path, assigned.pictures, settings);
  const corrupt = loaded.filter((one) => "reason" in one);
  if (corrupt.length > Math.max(1, CORRUPT_SHARE * pictures.length))
    throw tooManyCorrupt(path, corrupt, pictures.length);
  return assemble({
    name: basename(resolve(path)),
    width,
    height,
    pictures: loaded.filter((one) => "digest" in one),
    notes: [
      ...assigned.notes,
      ...listed(leftOut, (count) => `${count} of ${count + pictures.length} pictures lie elsewhere and are left out`),
      ...listed(corrupt.map(toText), (count) => `${count} of ${pictures.length} pictures are corrupt and left out`),
    ],
  });
}

interface Corrupt {
  readonly name: string;
  readonly reason: string;
}

type Assigned = Labelled & { readonly split: SplitName };

async function load(root: string, pictures: readonly Assigned[], settings: OpenSettings) {
  const { width, height, signal, onProgress, memory } = settings;
  let done = 0;
  const kept = Math.floor(memory / (width * height * 3));
  return mapLimited(pictures, availableParallelism(), async (picture, index): Promise<LoadedPicture | Corrupt> => {
    throwIfAborted(signal, root);
    const file = join(root, picture.name);
    const decoded = await decodeFile(file).catch((error: unknown) => ({
      name: picture.name,
      reason: firstLine(error),
    }));
    onProgress(++done, pictures.length);
    if ("reason" in decoded) return decoded;
    const rgb = rgbOf(decoded.pixels, width, height);
    // Not two arrow functions here: both would hold on to `rgb`.
    const pixels = index < kept ? constant(rgb) : reread.bind(null, file, width, height);
    return { ...picture, digest: decoded.digest, pixels };
  });
}

/** Decoders repeat themselves on the lines that follow. */
const firstLine = (error: unknown) => reasonOf(error).split("\n", 1)[0]!;

const constant = (rgb: Uint8Array) => () => rgb;

async function decodeFile(file: string): Promise<{ pixels: Pixels; digest: string }> {
  const bytes = await readFile(file);
  return { pixels: await decodePicture(bytes), digest: createHash("sha256").update(bytes).digest("base64") };
}

async function reread(file: string, width: number, height: number): Promise<Uint8Array> {
  const { pixels } = await decodeFile(file).catch((error: unknown) => {
    const what = `the picture could be read when the data was opened, no longer: ${firstLine(error)}`;
    throw new ResonnxError("failed", { where: file, what, cause: error });
  });
  return rgbOf(pixels, width, height);
}

const toText = ({ name, reason }: Corrupt) => `${name} (${reason})`;

function listed(names: readonly string[], text: (count: number) => string): string[] {
  if (names.length === 0) return [];
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return [`${text(names.length)}: ${names.slice(0, SHOWN).join(", ")}${more}.`];
}

function tooManyCorrupt(path: string, corrupt: readonly Corrupt[], count: number): ResonnxError {
  return new ResonnxError("bad-input", {
    where: path,
    what: "too many corrupt pictures",
    got: `${corrupt.length} of ${count}, first ${toText(corrupt[0]!)}`,
    wanted: `at most ${100 * CORRUPT_SHARE} %`,
    hint: "remove or replace them",
  });
}
