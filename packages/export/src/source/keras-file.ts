import type { io } from "@tensorflow/tfjs";

/** The first bytes of every HDF5 file. */
const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export const isHdf5 = (bytes: Uint8Array): boolean => HDF5.every((byte, i) => bytes[i] === byte);

/** A Keras `.h5` file as artifacts. The HDF5 reader is loaded when it is first needed. */
export async function readKerasFile(bytes: Uint8Array, where: string): Promise<io.ModelArtifacts> {
  const { readKerasH5 } = await import("@resonnx/keras");
  return readKerasH5(bytes, { name: where });
}
