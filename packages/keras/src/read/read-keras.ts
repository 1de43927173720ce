import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import { Zip } from "../archive/zip.ts";
import { isObject, layerEntries } from "../config/model-config.ts";
import { parseModel } from "../config/parse-model.ts";
import { readHdf5 } from "../hdf5/memory-file.ts";
import { toArtifacts } from "./artifacts.ts";
import { readDataset } from "./dataset.ts";
import { modelVariables } from "./layer-variables.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { type ReadOptions, readKerasH5 } from "./read-keras-h5.ts";

const WEIGHTS = "model.weights.h5";
/** Its name in TensorFlow 2.11. */
const OLD_WEIGHTS = "variables.h5";

/**
 * A model in either of Keras' formats, told apart by the first bytes: the `.keras` archive of Keras 3 or a legacy `.h5`.
 * Gives the artifacts tfjs loads (`tf.io.fromMemory`). Throws `bad-input` for damaged files, `unsupported` for weights that no tfjs layer has.
 */
export async function readKeras(bytes: Uint8Array, options: ReadOptions = {}): Promise<io.ModelArtifacts> {
  const { name: where = "Keras file" } = options;
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return readKerasH5(bytes, options);
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
  const model = parseModel(new TextDecoder().decode(config), { part: "config.json", version }, where);
  return readHdf5(weights, `${where}, ${WEIGHTS}`, (file, h5) => {
    const budget = new MemoryBudget(bytes.length);
    const variables = modelVariables(file, layerEntries(model, where), h5, where);
    const values = variables.map(({ name, dataset }) => ({
      name,
      ...readDataset(dataset, budget, `${where}, weight ${name}`),
    }));
    return toArtifacts(model, values, { kerasVersion: version, backend: "tensorflow" });
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
