import type { Case } from "@resonnx/parity";
import type { LoadArtifacts } from "../backends/tfjs.ts";
import { selfDescribed } from "../model/classifier.ts";
import { isFolder, isOnnx, modelFile, readOnnx } from "../model/model-file.ts";
import { onnxBytes } from "../model/onnx-bytes.ts";
import { pictureCases, readPictures } from "../model/pictures.ts";
import { randomCase } from "../model/random-case.ts";
import { readSource } from "../model/source.ts";
import type { Io } from "../terminal/io.ts";

/** What is compared: an `.onnx` file and, where it is known, the model that it was made from. */
export interface ParityModel {
  readonly bytes: Uint8Array;
  readonly loadArtifacts?: LoadArtifacts;
}

/** A run folder with both its models, an `.onnx` file alone (all that some runs have), or a source and what it exports to. Throws as reading them does. */
export async function openParityModel(path: string, signal: AbortSignal): Promise<ParityModel> {
  const file = await modelFile(path, "onnx");
  if (!isOnnx(file))
    return { bytes: await onnxBytes(path, signal), loadArtifacts: async () => (await readSource(file)).artifacts };
  const bytes = await readOnnx(file);
  const source = (await isFolder(path)) ? await modelFile(path, "any") : file;
  if (isOnnx(source)) return { bytes };
  return { bytes, loadArtifacts: async () => (await readSource(source)).artifacts };
}

/** The inputs to compare on: a picture or those of a folder, else seeded random numbers. */
export async function parityCases(
  bytes: Uint8Array,
  input: string | undefined,
  where: string,
  io: Io,
  signal: AbortSignal,
): Promise<Case[]> {
  const { describe } = await import("@resonnx/onnx");
  const { inputs } = describe(bytes, where);
  if (input === undefined) return [await randomCase(inputs)];
  const described = await selfDescribed(bytes, where, io); // refuses what doesn't take pictures
  return pictureCases(described, inputs[0]!, await readPictures(input, signal));
}
