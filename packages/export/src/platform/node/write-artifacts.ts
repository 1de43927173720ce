import { join } from "node:path";
import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import { writeAtomic } from "./write-atomic.ts";

const WEIGHTS_FILE = "weights.bin";

/**
 * Writes a layers model as `folder/model.json` and `folder/weights.bin`, as tfjs loads it. Each file is written whole or
 * not at all, the weights first, so that a model.json never names weights that aren't there. Throws `failed`.
 */
export async function writeArtifacts(folder: string, artifacts: io.ModelArtifacts): Promise<void> {
  const { modelTopology, weightSpecs = [], weightData } = artifacts;
  if (modelTopology === undefined || weightData === undefined)
    throw new ResonnxError("bad-input", {
      where: folder,
      what: "artifacts without topology or weights can't be written",
    });
  const {
    format = "layers-model",
    generatedBy = "Resonnx",
    convertedBy = null,
    trainingConfig,
    userDefinedMetadata,
  } = artifacts;
  const json = {
    format,
    generatedBy,
    convertedBy,
    modelTopology,
    ...(trainingConfig && { trainingConfig }),
    ...(userDefinedMetadata && { userDefinedMetadata }),
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs }],
  };
  const buffers = Array.isArray(weightData) ? weightData : [weightData];
  await writeAtomic(join(folder, WEIGHTS_FILE), ...buffers.map((buffer) => new Uint8Array(buffer)));
  await writeAtomic(join(folder, "model.json"), JSON.stringify(json));
}
