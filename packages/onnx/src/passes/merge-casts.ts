import type { DataType } from "../ir/types.ts";
import { localPass, type Rewrite, skip } from "./local.ts";
import { producedBy } from "./parts/constants.ts";

/** What an element type holds exactly: bits of magnitude, whether negative, whether fractions and infinities. */
const held: { readonly [D in DataType]?: readonly [bits: number, signed: boolean, float: boolean] } = {
  bool: [1, false, false],
  uint8: [8, false, false],
  int8: [7, true, false],
  uint16: [16, false, false],
  int16: [15, true, false],
  uint32: [32, false, false],
  int32: [31, true, false],
  uint64: [64, false, false],
  int64: [63, true, false],
  float16: [11, true, true],
  float32: [24, true, true],
  float64: [53, true, true],
};

/** Whether every value of one element type is a value of the other. */
function keepsAll(from: DataType, to: DataType): boolean {
  const [a, b] = [held[from], held[to]];
  return a !== undefined && b !== undefined && a[0] <= b[0] && (!a[1] || b[1]) && (!a[2] || b[2]);
}

/** Cast(Cast(x, a), b) -> Cast(x, b) where a holds all that x can be. */
export const castOfCast: Rewrite<"Cast"> = (node, { b }) => {
  const inner = producedBy(node.inputs[0], "Cast");
  if (!inner) return skip("its input is no Cast");
  const source = inner.inputs[0]!;
  if (!keepsAll(source.type.dtype, inner.output.type.dtype)) return skip("the first Cast loses something");
  return b.op("Cast", [source], node.attrs, node.name);
};

export const mergeCasts = localPass("mergeCasts", { Cast: castOfCast });
