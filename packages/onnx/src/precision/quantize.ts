import { type Tensor, type TensorOf, tensor } from "../ir/tensor.ts";
import { sizeOf } from "../ir/types.ts";

/** int8 as it is used for weights: symmetric, so that zero stays zero and no zero point is needed. */
export const MAX_INT8 = 127;

export interface QuantizedWeights {
  readonly data: TensorOf<"int8">;
  /** One a channel: value = data * scale. */
  readonly scales: Float32Array;
}

/** Weights as int8, a scale for each index of `axis`: the largest magnitude of a channel becomes `most`. */
export function quantizeWeights(
  { dims, data }: TensorOf<"float32">,
  axis: number,
  most: number = MAX_INT8,
): QuantizedWeights {
  const channels = dims[axis]!;
  const run = sizeOf(dims.slice(axis + 1)); // consecutive weights of one channel
  const scales = new Float32Array(channels);
  for (let start = 0, k = 0; start < data.length; start += run, k++) {
    let largest = scales[k % channels]!;
    for (let i = start; i < start + run; i++) largest = Math.max(largest, Math.abs(data[i]!));
    scales[k % channels] = largest;
  }
  for (let c = 0; c < channels; c++) scales[c] = scales[c]! / most || 1; // a channel of zeros
  const quantized = new Int8Array(data.length);
  for (let start = 0, k = 0; start < data.length; start += run, k++) {
    const scale = scales[k % channels]!;
    for (let i = start; i < start + run; i++) quantized[i] = Math.round(data[i]! / scale);
  }
  return { data: tensor("int8", dims, quantized), scales };
}

/** The least and largest value of an activation over all calibration runs. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface QuantizationScale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** value = (q - zeroPoint) * scale for q in 0..255, with 0 exact. */
export function scaleOf({ min, max }: Range): QuantizationScale {
  const [low, high] = [Math.min(min, 0), Math.max(max, 0)];
  const scale = Math.fround((high - low) / 255) || 1;
  return { scale, zeroPoint: Math.max(0, Math.min(255, Math.round(-low / scale))) };
}

export const isFloat32 = (value: Tensor | undefined): value is TensorOf<"float32"> => value?.dtype === "float32";
