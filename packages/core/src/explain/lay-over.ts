import { LUMA } from "@resonnx/base";

/** Shares of grey and of heat where a map is 1; how dark the grey is everywhere, so that light pictures leave room for yellow. */
const [HEAT, GREY] = [0.65, 0.75];

/**
 * A picture in grey under its heat map, from nothing over red to yellow: u8 RGB [height, width, 3] and a map [height, width]
 * in [0, 1] give u8 RGB of the same size. Yellow is also the lightest, so that the map is read without colours.
 */
export function layOver(rgb: Uint8Array, map: Float32Array): Uint8Array {
  const [red, green, blue] = LUMA;
  const out = new Uint8Array(rgb.length);
  for (const [i, heat] of map.entries()) {
    const at = i * 3;
    const grey = GREY * (red * rgb[at]! + green * rgb[at + 1]! + blue * rgb[at + 2]!);
    const share = HEAT * Math.min(1, 2 * heat);
    const colour = [255, 255 * Math.max(0, 2 * heat - 1), 0];
    for (const [c, value] of colour.entries()) out[at + c] = Math.round((1 - share) * grey + share * value);
  }
  return out;
}
