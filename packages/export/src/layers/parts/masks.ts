import { tensor } from "@resonnx/onnx";
import type { CallContext, Mask } from "../rule.ts";
import { shapeVector, sizesOf } from "./sizes.ts";

/** The only output has the first input's mask: layers that work on each step by itself. */
export const passMask = ({ masks }: CallContext): readonly Mask[] => [masks[0]];

/** A step of a merged value counts where it counts in every input that has a mask. */
export const mergeMasks = ({ b, masks }: CallContext): readonly Mask[] => {
  const present = masks.filter((mask) => mask !== undefined);
  return [present.length === 0 ? undefined : present.reduce((all, mask) => b.op("And", [all, mask], {}))];
};

/** The masks of values that are joined along time; every step of one without a mask counts. */
export const joinMasks = ({ b, inputs, masks }: CallContext): readonly Mask[] => {
  if (masks.every((mask) => mask === undefined)) return [undefined];
  const all = b.once("true", () => tensor("bool", [1, 1], Uint8Array.of(1)));
  const parts = inputs.map(
    (input, i) => masks[i] ?? b.op("Expand", [all, shapeVector(b, sizesOf(input).slice(0, 2))], {}),
  );
  return [b.concat(parts, 1)];
};
