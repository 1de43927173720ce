import { exportModel, type ModelSource } from "@resonnx/export";
import { type GradCamRequest, gradCamOn, type HeatMaps } from "../../explain/grad-cam.ts";
import { TrainingThread } from "./onnx/training-thread.ts";

/**
 * Where a classifier looks for a class: Grad-CAM heat maps (Selvaraju et al. 2017) of the bytes of an `.onnx` file, or of a
 * tfjs model, for pictures and a class each, from the gradients of a class' score by the last convolution's features.
 * Runs on onnxruntime's CPU in a thread of its own. Throws `bad-input` for sizes and classes that don't fit, `unsupported`
 * for a model without convolutions or of another precision than float32.
 */
export async function gradCam(model: Uint8Array | ModelSource, request: GradCamRequest): Promise<HeatMaps> {
  const bytes = model instanceof Uint8Array ? model : (await exportModel(model)).bytes;
  const thread = new TrainingThread("cpu");
  try {
    return await gradCamOn(thread, "cpu", bytes, request);
  } finally {
    await thread.close();
  }
}
