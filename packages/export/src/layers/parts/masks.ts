import type { CallContext, Mask } from "../rule.ts";

/** The only output has the first input's mask: layers that work on each step by itself. */
export const passMask = ({ masks }: CallContext): readonly Mask[] => [masks[0]];

/** A step of a merged value counts where it counts in every input that has a mask. */
export const mergeMasks = ({ b, masks }: CallContext): readonly Mask[] => {
  const present = masks.filter((mask) => mask !== undefined);
  return [present.length === 0 ? undefined : present.reduce((all, mask) => b.op("And", [all, mask], {}))];
};
