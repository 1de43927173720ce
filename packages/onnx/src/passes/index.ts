import { dropIdentities } from "./drop-identities.ts";
import { foldAffine } from "./fold-affine.ts";
import { foldBatchNorm } from "./fold-batch-norm.ts";
import { foldConstants } from "./fold-constants.ts";
import { foldPad } from "./fold-pad.ts";
import { foldTranspose } from "./fold-transpose.ts";
import { fuseGemm } from "./fuse-gemm.ts";
import { globalPool } from "./global-pool.ts";
import { keepPadApart } from "./keep-pad-apart.ts";
import { mergeCasts } from "./merge-casts.ts";
import { mergeDuplicates } from "./merge-duplicates.ts";
import { mergeReshapes } from "./merge-reshapes.ts";
import { nativeActivations } from "./native-activations.ts";
import { nativeLayerNorm } from "./native-layer-norm.ts";
import type { Pass } from "./pass.ts";
import { removeDead } from "./remove-dead.ts";
import { widenCoveringKernel } from "./widen-covering-kernel.ts";

export { optimize, type Pass, type PassReport } from "./pass.ts";

/**
 * What an exported graph goes through. Constants first, since the others look for constant weights; identities before the
 * pairs that they would stand between; every pass runs again until nothing changes, so the order is a matter of speed.
 */
export const inferencePasses: readonly Pass[] = [
  removeDead,
  foldConstants,
  dropIdentities,
  mergeReshapes,
  mergeCasts,
  mergeDuplicates,
  nativeActivations,
  nativeLayerNorm,
  foldBatchNorm,
  foldAffine,
  globalPool,
  foldPad,
  foldTranspose,
  fuseGemm,
  widenCoveringKernel,
];

/** What every exported graph goes through at last, optimized or not: without it onnxruntime computes something else. */
export const finalPasses: readonly Pass[] = [keepPadApart];
