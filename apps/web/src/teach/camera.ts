import { ResonnxError } from "@resonnx/base";

/** Shows the camera in a video element. Throws what the browser throws when there is none or the user refuses. */
export async function startCamera(video: HTMLVideoElement): Promise<void> {
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  await video.play();
}

/** The middle square of what the camera shows now, as a JPEG. */
export async function takePicture(video: HTMLVideoElement): Promise<Blob> {
  const side = Math.min(video.videoWidth, video.videoHeight);
  const [x, y] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d");
  if (!context) throw new ResonnxError("unavailable", { where: "camera", what: "the browser gives no 2d canvas" });
  context.drawImage(video, x, y, side, side, 0, 0, side, side);
  return canvas.convertToBlob({ type: "image/jpeg" });
}
