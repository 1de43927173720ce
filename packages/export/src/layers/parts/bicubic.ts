import { type Builder, floats, type Value } from "@resonnx/onnx";

/** Keys' cubic convolution kernel with a = -1/2 (Keys 1981), which Keras' backends resize with. */
function keys(distance: number): number {
  const x = Math.abs(distance);
  if (x >= 2) return 0;
  return x <= 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
}

/** TensorFlow looks the kernel up in a table of so many steps a pixel; other backends' results differ by some thousandths. */
const STEPS = 1024;

/** [to, from]: each row holds what one new pixel takes of the old ones; weights outside the picture go to the rest. */
function weights(from: number, to: number): Float32Array {
  const matrix = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    const position = ((row + 0.5) * from) / to - 0.5;
    const pixel = Math.floor(position);
    const centre = pixel + Math.round((position - pixel) * STEPS) / STEPS;
    const first = Math.max(0, pixel - 1);
    const last = Math.min(from - 1, pixel + 2);
    const taken = Array.from({ length: last - first + 1 }, (_, i) => keys(centre - first - i));
    const total = taken.reduce((sum, weight) => sum + weight, 0);
    for (const [i, weight] of taken.entries()) matrix[row * from + first + i] = weight / total;
  }
  return matrix;
}

/** Elements of a matrix that are still fewer than those of any model's weights. */
const MAX_ELEMENTS = 1 << 22;

/** Whether the matrices of a resize are worth their size. */
export const hasMatrices = (from: readonly [number, number], to: readonly [number, number]): boolean =>
  from[0] * to[0] <= MAX_ELEMENTS && from[1] * to[1] <= MAX_ELEMENTS;

/**
 * A picture (channels first) of known size resized bicubically, as two matrix products: onnxruntime refuses its own cubic
 * Resize that shrinks once its optimizer has moved a Transpose behind it.
 */
export function bicubic(
  b: Builder,
  x: Value,
  from: readonly [number, number],
  to: readonly [number, number],
  name: string,
) {
  const rows = b.constant(floats([to[0], from[0]], weights(from[0], to[0])));
  const columns = b.transpose(b.constant(floats([to[1], from[1]], weights(from[1], to[1]))), [1, 0]);
  return b.op("MatMul", [b.matmul(rows, x), columns], {}, name);
}
