import type { io, LayersModel, Tensor } from "@tensorflow/tfjs";

/**
 * What `model.save` gives, but the weights in the very arrays in which the backend keeps them, where it shows them as
 * tfjs' own CPU backend does: only to be read. Elsewhere they are copied once.
 */
export async function sharedArtifacts(model: LayersModel): Promise<io.ModelArtifacts> {
  const tensors = model.getWeights();
  return {
    modelTopology: model.toJSON(undefined, false),
    weightSpecs: tensors.map(({ shape, dtype }, i) => ({ name: model.weights[i]!.originalName, shape, dtype })),
    weightData: await Promise.all(tensors.map(bytesOf)),
  };
}

async function bytesOf(tensor: Tensor): Promise<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = await tensor.data();
  const whole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return whole ? buffer : new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
}
