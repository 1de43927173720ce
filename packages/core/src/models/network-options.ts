import { ResonnxError } from "@resonnx/base";

/** What every network here can have. */
export interface NetworkOptions {
  /** [height, width, channels] of a picture, at least 5 pixels a side. */
  readonly inputShape?: readonly [number, number, number];
  /** Number of classes. */
  readonly classes?: number;
  /** Derives a seed for each kernel; without it all have the tutorial's seed 0. */
  readonly seed?: number | undefined;
  /** Share of the batch normalizations' moving averages that a training step keeps. */
  readonly batchNormMomentum?: number | undefined;
  /**
   * Where the scale of the last normalization in each block's main path starts; 1 as everywhere by default. With 0 blocks begin
   * as identities (Goyal et al. 2017, section 5.1). Networks whose blocks don't end in one (v2) are as they are.
   */
  readonly residualScale?: number | undefined;
}

/** Below this the first pooling has nothing left to pool. */
const SMALLEST_SIDE = 5;

/** Throws `bad-input` naming the option that no network can have. */
export function checkNetworkOptions(network: string, options: NetworkOptions): void {
  const { inputShape = [64, 64, 3], classes = 1, seed = 0, batchNormMomentum = 0.99, residualScale = 1 } = options;
  const refuse = (option: string, got: string, wanted: string): never => {
    const what = "no such network can be built";
    throw new ResonnxError("bad-input", { where: `${network} ${option}`, what, got, wanted });
  };
  const [height, width, channels] = inputShape;
  const sizesFit = Math.min(height, width) >= SMALLEST_SIDE && channels >= 1 && inputShape.length === 3;
  if (!sizesFit || !inputShape.every(Number.isInteger)) {
    const wanted = `[height, width, channels], sides of at least ${SMALLEST_SIDE}`;
    refuse("inputShape", `[${inputShape.join(", ")}]`, wanted);
  }
  if (!Number.isInteger(classes) || classes < 1) refuse("classes", `${classes}`, "a whole number, at least 1");
  if (!Number.isSafeInteger(seed) || seed < 0) refuse("seed", `${seed}`, "an integer from 0 to 2^53 - 1");
  if (!(batchNormMomentum >= 0 && batchNormMomentum < 1))
    refuse("batchNormMomentum", `${batchNormMomentum}`, "a number in [0, 1)");
  if (!(residualScale >= 0 && residualScale <= 1)) refuse("residualScale", `${residualScale}`, "a number in [0, 1]");
}
