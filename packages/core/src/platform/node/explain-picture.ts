import { type Pixels, ResonnxError, readMetadata, resize, toTensor } from "@resonnx/base";
import { rgbOf } from "../../data/rgb.ts";
import { layOver } from "../../explain/lay-over.ts";
import { gradCam } from "./grad-cam.ts";

/** As in reports: features of fewer places show hardly more than left or right. */
const PLACES = 16;

/**
 * A picture under its heat map for one class, as the bytes of a PNG of the picture's size: Grad-CAM of an `.onnx` file that
 * says how pictures are prepared. Throws `bad-input` when it doesn't, and as `gradCam` does.
 */
export async function explainPicture(model: Uint8Array, pixels: Pixels, wanted: number): Promise<Uint8Array> {
  const { preprocessing } = readMetadata(model);
  if (!preprocessing)
    throw new ResonnxError("bad-input", { where: "model", what: "doesn't say how pictures are prepared" });
  const { width, height } = preprocessing;
  const pictures = toTensor(pixels, preprocessing);
  const { maps } = await gradCam(model, { pictures, width, height, classes: [wanted], leastPlaces: PLACES });
  const map = stretched(maps, width, height, pixels);
  const { default: sharp } = await import("sharp");
  const rgb = layOver(rgbOf(pixels, pixels.width, pixels.height), map);
  return sharp(rgb, { raw: { width: pixels.width, height: pixels.height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A map at a picture's size, by way of grey pixels. */
function stretched(map: Float32Array, width: number, height: number, to: Pixels): Float32Array {
  const data = new Uint8ClampedArray(map.length * 4).fill(255);
  for (const [i, value] of map.entries()) data.fill(Math.round(255 * value), i * 4, i * 4 + 3);
  const large = resize({ width, height, data }, to.width, to.height).data;
  return Float32Array.from({ length: to.width * to.height }, (_, i) => large[i * 4]! / 255);
}
