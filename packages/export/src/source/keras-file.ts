import type { io } from "@tensorflow/tfjs";

/** The first bytes of HDF5 files and zip archives. */
const SIGNATURES = [
  [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
  [0x50, 0x4b, 0x03, 0x04],
];

/** Whether the bytes begin as a Keras `.h5` or `.keras` file does. */
export const isKerasFile = (bytes: Uint8Array): boolean =>
  SIGNATURES.some((signature) => signature.every((byte, i) => bytes[i] === byte));

/** A Keras `.h5` or `.keras` file as artifacts. The HDF5 reader is loaded when it is first needed. */
export async function readKerasFile(bytes: Uint8Array, where: string): Promise<io.ModelArtifacts> {
  const { readKeras } = await import("@resonnx/keras");
  return readKeras(bytes, { name: where });
}
