import { constantInts } from "../infer/rules.ts";
import type { Node } from "../ir/node.ts";
import { sameShape } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { localPass, type Rewrites, type Skip, skip } from "./local.ts";
import { constantFloats } from "./parts/constants.ts";

/** x, where the other operand is that number everywhere and does not stretch it. */
const neutral =
  (number: number, sides: readonly (0 | 1)[] = [0, 1]): ((node: Node) => Value | Skip) =>
  (node) => {
    for (const side of sides) {
      const [x, other] = [node.inputs[side]!, constantFloats(node.inputs[1 - side])];
      if (
        other &&
        other.data.length <= MAX_READ &&
        other.data.every((value) => value === number) &&
        sameShape(node.output.shape, x.shape)
      )
        return x;
    }
    return skip(`no operand is ${number} everywhere`);
  };

/** Longer constants are not read for being neutral. */
const MAX_READ = 4096;

/** Nodes that give their input back. */
export const identities: Rewrites = {
  Add: neutral(0),
  Div: neutral(1, [0]),
  Expand: (node) =>
    sameShape(node.output.shape, node.inputs[0]!.shape) ? node.inputs[0]! : skip("it stretches, or may"),
  Mul: neutral(1),
  Pow: neutral(1, [0]),
  Sub: neutral(0, [0]),
  Identity: (node) => node.inputs[0]!,
  Cast: (node) =>
    node.output.type.dtype === node.inputs[0]!.type.dtype ? node.inputs[0]! : skip("it changes the element type"),
  Concat: (node) => (node.inputs.length > 1 ? skip("it joins several values") : node.inputs[0]!),
  Pad: (node) => (constantInts(node.inputs[1])?.every((pad) => pad === 0) ? node.inputs[0]! : skip("it pads")),
  Reshape: (node) =>
    sameShape(node.output.shape, node.inputs[0]!.shape) ? node.inputs[0]! : skip("it changes the shape, or may"),
  Transpose: (node) => (node.attrs.perm.every((axis, i) => axis === i) ? node.inputs[0]! : skip("it reorders axes")),
};

export const dropIdentities = localPass("dropIdentities", identities);
