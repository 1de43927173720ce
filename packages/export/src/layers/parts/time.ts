import { type Builder, isStatic, type Value } from "@resonnx/onnx";

/** [batch, time, ...rest] -> [batch * time, ...rest]: every step a sample of its own. */
export function foldTime(b: Builder, x: Value): Value {
  const rest = x.shape.slice(2);
  if (isStatic(rest)) return b.op("Reshape", [x, b.ints([-1, ...rest])], {});
  return b.op("Reshape", [x, b.concat([b.ints([-1]), sizesOf(b, x, 2)], 0)], {});
}

/** [batch * time, ...rest] -> [batch, time, ...rest], the first two sizes being those of `like`. */
export function unfoldTime(b: Builder, y: Value, like: Value, name?: string): Value {
  const rest = y.shape.slice(1);
  const [batch, time] = like.shape;
  const known = [batch, time].filter((dim) => typeof dim === "number").length;
  if (isStatic(rest) && known > 0) {
    const dims = [batch, time].map((dim, i) => (typeof dim === "number" && (known === 1 || i === 1) ? dim : -1));
    return b.op("Reshape", [y, b.ints([...dims, ...rest])], {}, name);
  }
  const sizes = [sizesOf(b, like, 0, 2), isStatic(rest) ? b.ints(rest) : sizesOf(b, y, 1)];
  return b.op("Reshape", [y, b.concat(sizes, 0)], {}, name);
}

/** The sizes of x from axis `begin` on, as they are at run time. */
const sizesOf = (b: Builder, x: Value, begin: number, end = x.rank): Value =>
  b.gather(b.op("Shape", [x], {}), b.ints(Array.from({ length: end - begin }, (_, i) => begin + i)), 0);
