import { ResonnxError } from "@resonnx/base";
import type { Builder, Value } from "@resonnx/onnx";
import { type Field, optional } from "../../config/fields.ts";
import { bicubic, hasMatrices } from "./bicubic.ts";
import { moveAxis } from "./data-format.ts";
import { type Size, shapeVector, sizesOf } from "./sizes.ts";

/** Keras' interpolations as ONNX' Resize has them; between pixel centres unless the name says otherwise. */
const interpolations = {
  // floor((i + 0.5) * scale)
  nearest: { mode: "nearest", coordinate_transformation_mode: "half_pixel", nearest_mode: "round_prefer_ceil" },
  bilinear: { mode: "linear", coordinate_transformation_mode: "half_pixel" },
  bilinear_asymmetric: { mode: "linear", coordinate_transformation_mode: "asymmetric" },
  // Keys' kernel, whose weights outside the picture go to the rest.
  bicubic: { mode: "cubic", coordinate_transformation_mode: "half_pixel", cubic_coeff_a: -0.5, exclude_outside: 1 },
} as const;

export type Interpolation = keyof typeof interpolations;
const names = Object.keys(interpolations) as Interpolation[];

const interpolationName: Field<Interpolation> = {
  code: "unsupported",
  wanted: "nearest, bilinear or bicubic",
  parse: (json) => names.find((name) => name === json),
};
/** A config's `interpolation`. */
export const interpolation = (fallback: Interpolation) => optional(interpolationName, fallback);

/** A picture [batch, height, width, channels] (or channels first, as `first` says) resized to a height and width. */
export function resizeTo(
  b: Builder,
  x: Value,
  first: boolean,
  size: readonly [number, number],
  how: Interpolation,
  name: string,
): Value {
  const picture = first ? x : moveAxis(b, x, 3, 1);
  const channel = first ? 1 : 3;
  const known = spatialSizes(x, first);
  if (how === "bicubic" && known && hasMatrices(known, size)) {
    const y = bicubic(b, picture, known, size, name);
    return first ? y : moveAxis(b, y, 1, 3);
  }
  const sizes: Size[] = [sizesOf(x)[0]!, sizesOf(x)[channel]!, ...size];
  const y = b.op("Resize", [picture, undefined, undefined, shapeVector(b, sizes)], interpolations[how], name);
  return first ? y : moveAxis(b, y, 1, 3);
}

/** `x` with each spatial axis (from axis `start` on) a whole number of times as large. */
export function enlarge(
  b: Builder,
  x: Value,
  start: number,
  times: readonly number[],
  how: Interpolation,
  name: string,
): Value {
  const scales = x.shape.map((_, axis) => times[axis - start] ?? 1);
  const vector = (values: readonly number[]): Value =>
    b.once(`scales ${values}`, () => ({ dtype: "float32", dims: [values.length], data: Float32Array.from(values) }));
  const known = how === "bicubic" ? spatialSizes(x, start === 2) : undefined; // of a picture, which alone can be bicubic
  if (known) return resizeTo(b, x, start === 2, [known[0] * (times[0] ?? 1), known[1] * (times[1] ?? 1)], how, name);
  if (how === "nearest") {
    const floor = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
    return b.op("Resize", [x, undefined, vector(scales)], floor, name);
  }
  const picture = start === 1 ? moveAxis(b, x, x.rank - 1, 1) : x;
  const y = b.op("Resize", [picture, undefined, vector([1, 1, ...times])], interpolations[how], name);
  return start === 1 ? moveAxis(b, y, 1, x.rank - 1) : y;
}

/** Height and width of a picture, where they are known. */
function spatialSizes(x: Value, first: boolean): [number, number] | undefined {
  const [height, width] = first ? x.shape.slice(2) : x.shape.slice(1);
  return typeof height === "number" && typeof width === "number" ? [height, width] : undefined;
}

/** Height and width of a picture, which the layer needs as numbers. */
export function pictureSize(x: Value, first: boolean, where: string): [number, number] {
  const size = spatialSizes(x, first);
  if (size) return size;
  throw new ResonnxError("unsupported", {
    where,
    what: "a crop that depends on an unknown height or width",
    hint: "build the model with a fixed height and width",
  });
}

/** The middle of a picture. */
export function centerCrop(
  b: Builder,
  x: Value,
  first: boolean,
  [height, width]: readonly [number, number],
  of: readonly [number, number],
  name?: string,
): Value {
  const [top, left] = [Math.floor((of[0] - height) / 2), Math.floor((of[1] - width) / 2)];
  const axes = b.ints(first ? [2, 3] : [1, 2]);
  return b.op("Slice", [x, b.ints([top, left]), b.ints([top + height, left + width]), axes], {}, name);
}

/** The largest size of the shape of `target` that lies in `size`. */
export const cropToAspect = (size: readonly [number, number], target: readonly [number, number]): [number, number] => [
  Math.min(size[0], Math.trunc((size[1] * target[0]) / target[1])),
  Math.min(size[1], Math.trunc((size[0] * target[1]) / target[0])),
];
