import { constantInts } from "../infer/rules.ts";
import { sameDim } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { localPass, type Rewrites, skip } from "./local.ts";

const sameShape = (a: Value, b: Value): boolean =>
  a.rank === b.rank && a.shape.every((dim, axis) => sameDim(dim, b.shape[axis]!));

/** Nodes that give their input back. */
export const identities: Rewrites = {
  Identity: (node) => node.inputs[0]!,
  Cast: (node) =>
    node.output.type.dtype === node.inputs[0]!.type.dtype ? node.inputs[0]! : skip("it changes the element type"),
  Concat: (node) => (node.inputs.length === 1 ? node.inputs[0]! : skip("it joins several values")),
  Pad: (node) => (constantInts(node.inputs[1])!.every((pad) => pad === 0) ? node.inputs[0]! : skip("it pads")),
  Reshape: (node) => (sameShape(node.output, node.inputs[0]!) ? node.inputs[0]! : skip("it changes the shape, or may")),
  Transpose: (node) => (node.attrs.perm.every((axis, i) => axis === i) ? node.inputs[0]! : skip("it reorders axes")),
};

export const dropIdentities = localPass("dropIdentities", identities);
