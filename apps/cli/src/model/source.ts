import { basename, dirname, extname } from "node:path";
import type { ModelMetadata } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";

/** A model before it was exported. */
export interface Source {
  readonly artifacts: io.ModelArtifacts;
  /** For the exported file's metadata. */
  readonly source: NonNullable<ModelMetadata["source"]>;
}

/** Reads a tfjs `model.json` or a Keras file. Throws `bad-input`, `not-found` or `unsupported`. */
export async function readSource(file: string): Promise<Source> {
  const { readArtifacts } = await import("@resonnx/export");
  const format = extname(file).toLowerCase() === ".json" ? "tfjs-layers" : "keras-h5";
  return { artifacts: await readArtifacts(file), source: { format, name: modelName(file) } };
}

/** What a model is called after its file: `doodlenet/model.json` is doodlenet, `happy.h5` is happy. */
export function modelName(file: string): string {
  return basename(file) === "model.json" ? basename(dirname(file)) : basename(file, extname(file));
}
