import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, extname, join, sep } from "node:path";
import { type ModelMetadata, ResonnxError, readMetadata, reasonOf } from "@resonnx/base";

const ONNX = "model.onnx";
const SOURCE = join("tfjs", "model.json");
/**
 * The forms in which a run folder holds its model: what was exported, the source, and the source where there is one: a run
 * that began with an `.onnx` file has that form only.
 */
const RUN_FOLDER = { onnx: [ONNX], source: [SOURCE], any: [SOURCE, ONNX] } as const;
export type ModelForm = keyof typeof RUN_FOLDER;

/**
 * The file that a path means as a model: itself, or in a run folder the one of that form. Throws `not-found`, or
 * `bad-input` for a folder that isn't a run's.
 */
export async function modelFile(path: string, form: ModelForm): Promise<string> {
  if (!(await isFolder(path))) return path;
  for (const name of RUN_FOLDER[form]) {
    const file = join(path, name);
    if (await exists(file)) return file;
  }
  throw new ResonnxError("bad-input", {
    where: path,
    what: `the folder holds no ${RUN_FOLDER[form][0]}`,
    wanted: "a run folder or a model file",
  });
}

export const isOnnx = (file: string): boolean => extname(file).toLowerCase() === ".onnx";

/** Throws `not-found` when there is nothing at the path. */
export async function isFolder(path: string): Promise<boolean> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new ResonnxError("not-found", { where: path, what: "no such file or folder", cause });
  });
  return facts.isDirectory();
}

/** A whole file. Throws `bad-input` when it can't be read. */
export async function readBytes(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new ResonnxError("bad-input", { where: file, what: `can't be read: ${reasonOf(cause)}`, cause });
  });
}

/** A whole ONNX file, with the weights that it keeps in files beside it. Throws `bad-input`, `not-found`, `unsupported`. */
export async function readOnnx(file: string): Promise<Uint8Array> {
  const bytes = await readBytes(file);
  const { embedExternal } = await import("@resonnx/onnx");
  return embedExternal(bytes, (location) => readBeside(file, location), file);
}

/** A file below the folder of another; links must not lead out of it either. */
async function readBeside(file: string, location: string): Promise<Uint8Array> {
  const folder = await realpath(dirname(file));
  const path = await realpath(join(folder, location)).catch((cause: unknown) => {
    const hint = "copy it beside the model";
    throw new ResonnxError("not-found", { where: file, what: `its weights ${location} are missing`, hint, cause });
  });
  if (!path.startsWith(join(folder, sep)))
    throw new ResonnxError("bad-input", { where: file, what: "external data outside its folder", got: location });
  return readBytes(path);
}

/** What a run folder's `model.onnx` says about itself; nothing when the path isn't a run folder. */
export async function runMetadata(path: string): Promise<ModelMetadata> {
  const file = join(path, ONNX);
  return (await isFolder(path)) && (await exists(file)) ? readMetadata(await readBytes(file)) : {};
}

/** What a model's `.onnx`, or that of a run folder, says about itself; nothing for other files. */
export async function metadataOf(path: string): Promise<ModelMetadata> {
  return isOnnx(path) ? readMetadata(await readBytes(path)) : runMetadata(path);
}

/** Whether there is something at the path. */
export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
