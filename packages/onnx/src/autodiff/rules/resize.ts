import type { Builder } from "../../builder/builder.ts";
import { refuse } from "../../infer/rules.ts";
import { floats, type TensorOf } from "../../ir/tensor.ts";
import type { Value } from "../../ir/value.ts";
import type { Attrs } from "../../ops/index.ts";
import { staticShape, type Vjp } from "../vjp.ts";

/** Resizing is linear along each axis: y = M · x with one constant matrix for all rows, so dx = Mᵀ · dy. */
export const resize: Vjp<"Resize"> = ({ b, node, x: [x, , scales], y, dy }) => {
  const [from, to] = [staticShape(x!.shape), staticShape(y.shape)];
  const given = scales?.constant?.dtype === "float32" ? scales.constant.data : undefined;
  let gradient = dy;
  for (const [axis, size] of from.entries()) {
    const scale = given?.[axis] ?? to[axis]! / size;
    if (scale === 1 && to[axis] === size) continue;
    const key = `resize ${JSON.stringify(node.attrs)} ${[size, to[axis], scale]}`;
    const matrix = b.once(key, () => resizeMatrix(size, to[axis]!, scale, node.attrs));
    gradient = alongAxis(b, gradient, axis, matrix);
  }
  return [gradient];
};

/** `x` with its axis multiplied by a matrix [axis, other]. */
function alongAxis(b: Builder, x: Value, axis: number, matrix: Value): Value {
  if (axis === x.rank - 1) return b.matmul(x, matrix);
  const order = [...x.shape.keys()].toSpliced(axis, 1).concat(axis);
  const back = order.map((_, i) => order.indexOf(i));
  return b.transpose(b.matmul(b.transpose(x, order), matrix), back);
}

type ResizeAttrs = Attrs<"Resize">;

/** M [to, from]: the share of each element in each result, as ONNX defines Resize. */
function resizeMatrix(from: number, to: number, scale: number, attrs: ResizeAttrs): TensorOf<"float32"> {
  const matrix = new Float32Array(to * from);
  for (let o = 0; o < to; o++) {
    const at = coordinate(o, from, to, scale, attrs.coordinate_transformation_mode);
    for (const [place, share] of sharesOf(at, from, attrs)) {
      const inside = Math.min(Math.max(place, 0), from - 1);
      matrix[o * from + inside]! += share;
    }
  }
  return floats([to, from], matrix);
}

function coordinate(o: number, from: number, to: number, scale: number, mode: string): number {
  switch (mode) {
    case "half_pixel":
      return (o + 0.5) / scale - 0.5;
    case "pytorch_half_pixel":
      return to > 1 ? (o + 0.5) / scale - 0.5 : 0;
    case "asymmetric":
      return o / scale;
    case "align_corners":
      return to > 1 ? (o * (from - 1)) / (to - 1) : 0;
    default:
      throw refuse("a gradient of Resize with these coordinates", mode);
  }
}

type Share = readonly [place: number, share: number];

function sharesOf(at: number, from: number, attrs: ResizeAttrs): readonly Share[] {
  const floor = Math.floor(at);
  if (attrs.mode === "nearest") return [[nearest(at, attrs.nearest_mode ?? "round_prefer_floor"), 1]];
  if (attrs.mode === "linear") {
    const inside = Math.min(Math.max(at, 0), from - 1);
    const low = Math.floor(inside);
    return [
      [low, 1 - (inside - low)],
      [low + 1, inside - low],
    ];
  }
  const shares = [-1, 0, 1, 2].map((k): Share => [floor + k, keys(at - floor - k, attrs.cubic_coeff_a ?? -0.75)]);
  if (!attrs.exclude_outside) return shares;
  const inside = shares.filter(([place]) => place >= 0 && place < from);
  const total = inside.reduce((sum, [, share]) => sum + share, 0);
  return inside.map(([place, share]) => [place, share / total]);
}

function nearest(at: number, mode: string): number {
  if (mode === "floor") return Math.floor(at);
  if (mode === "ceil") return Math.ceil(at);
  return mode === "round_prefer_ceil" ? Math.floor(at + 0.5) : Math.ceil(at - 0.5);
}

/** Cubic convolution (Keys 1981) at a distance, with its free coefficient. */
function keys(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}
