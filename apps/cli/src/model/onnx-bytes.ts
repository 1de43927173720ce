import { isOnnx, modelFile, readOnnx } from "./model-file.ts";
import { readSource } from "./source.ts";

/** A model as the bytes of an `.onnx` file: read, or exported in memory from whatever it is. Throws as those do. */
export async function onnxBytes(path: string, signal: AbortSignal): Promise<Uint8Array> {
  const file = await modelFile(path, "onnx");
  if (isOnnx(file)) return readOnnx(file);
  const { exportModel } = await import("@resonnx/export");
  const { artifacts, source } = await readSource(file);
  return (await exportModel(artifacts, { metadata: { source }, where: file, signal })).bytes;
}
