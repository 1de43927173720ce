import { parseJson, ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import type { File } from "h5wasm";
import { Zip } from "../archive/zip.ts";
import { isObject, layerEntries } from "../config/model-config.ts";
import { parseModel } from "../config/parse-model.ts";
import { readHdf5 } from "../hdf5/memory-file.ts";
import type { Hdf5 } from "../platform/hdf5.ts";
import { toArtifacts } from "./artifacts.ts";
import { readVariables } from "./dataset.ts";
import { modelVariables } from "./layer-variables.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { type ReadOptions, readKerasH5, type StoredModel } from "./read-keras-h5.ts";

const WEIGHTS = "model.weights.h5";
/** Its name in TensorFlow 2.11. */
const OLD_WEIGHTS = "variables.h5";

/**
 * A model in either of Keras' formats, told apart by the first bytes: the `.keras` archive of Keras 3 or a legacy `.h5`.
 * Gives the artifacts tfjs loads (`tf.io.fromMemory`). Throws `bad-input` for damaged files, `unsupported` for weights that no tfjs layer has.
 */
export async function readKeras(bytes: Uint8Array, options: ReadOptions = {}): Promise<io.ModelArtifacts> {
  const { name: where = "Keras file" } = options;
  if (!isZip(bytes)) return readKerasH5(bytes, options);
  return readKerasZip(bytes, where, ({ model, version, variables }) => {
    const weights = readVariables(variables, new MemoryBudget(bytes.length), where);
    return toArtifacts(model, weights, { kerasVersion: version ?? "3", backend: "tensorflow" });
  });
}

/** Whether the bytes are Keras 3's archive rather than a `.h5`. */
export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** What a `.keras` archive holds, open for the time of `use`. */
export interface OpenArchive extends StoredModel {
  /** `config.json` as it is. */
  readonly config: unknown;
  /** `model.weights.h5`. */
  readonly file: File;
  readonly h5: Hdf5;
}

/** Opens a `.keras` archive. Throws `bad-input` when it is none. */
export async function readKerasZip<T>(bytes: Uint8Array, where: string, use: (archive: OpenArchive) => T): Promise<T> {
  const zip = new Zip(bytes, where);
  const config = zip.read("config.json");
  const weights = zip.read(WEIGHTS) ?? zip.read(OLD_WEIGHTS);
  const metadata = zip.read("metadata.json");
  if (!config || !weights) {
    const missing = config ? WEIGHTS : "config.json";
    throw new ResonnxError("bad-input", {
      where,
      what: "the zip archive is no Keras model",
      wanted: missing,
      hint: "save it with model.save()",
    });
  }
  const version = versionIn(metadata);
  const text = new TextDecoder().decode(config);
  const model = parseModel(text, { part: "config.json", version }, where);
  return readHdf5(weights, `${where}, ${WEIGHTS}`, (file, h5) => {
    const variables = modelVariables(file, layerEntries(model, where), h5, where);
    return use({ model, version, variables, config: parseJson(text, where, "config.json"), file, h5 });
  });
}

function versionIn(metadata: Uint8Array | undefined): string {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(metadata));
    return isObject(parsed) && typeof parsed.keras_version === "string" ? parsed.keras_version : "3";
  } catch {
    return "3"; // Only for the record: nothing depends on it.
  }
}
