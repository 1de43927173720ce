import { dropIdentities } from "./drop-identities.ts";
import { foldBatchNorm } from "./fold-batch-norm.ts";
import { foldConstants } from "./fold-constants.ts";
import { foldPad } from "./fold-pad.ts";
import { foldTranspose } from "./fold-transpose.ts";
import { fuseGemm } from "./fuse-gemm.ts";
import { mergeReshapes } from "./merge-reshapes.ts";
import type { Pass } from "./pass.ts";
import { removeDead } from "./remove-dead.ts";
import { widenCoveringKernel } from "./widen-covering-kernel.ts";

export { optimize, type Pass, type PassReport } from "./pass.ts";
export { dropIdentities, foldBatchNorm, foldConstants, foldPad, foldTranspose, fuseGemm, mergeReshapes, removeDead };

/**
 * What an exported graph goes through. Constants first, since the others look for constant weights; identities before the
 * pairs that they would stand between; every pass runs again until nothing changes, so the order is a matter of speed.
 */
export const inferencePasses: readonly Pass[] = [
  removeDead,
  foldConstants,
  dropIdentities,
  mergeReshapes,
  foldBatchNorm,
  foldPad,
  foldTranspose,
  fuseGemm,
  widenCoveringKernel,
];
