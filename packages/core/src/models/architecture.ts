/** The depths of He et al. 2015, table 1: blocks of the four stages, and what a block is made of. */
export const DEPTHS = {
  18: { blocks: [2, 2, 2, 2], bottleneck: false },
  34: { blocks: [3, 4, 6, 3], bottleneck: false },
  50: { blocks: [3, 4, 6, 3], bottleneck: true },
  101: { blocks: [3, 4, 23, 3], bottleneck: true },
  152: { blocks: [3, 8, 36, 3], bottleneck: true },
} as const satisfies Readonly<Record<number, Architecture>>;

export type Depth = keyof typeof DEPTHS;

export interface Architecture {
  readonly blocks: readonly [number, number, number, number];
  /** Three convolutions a block, 1x1, 3x3 and 1x1 to four times the channels; else two of 3x3. */
  readonly bottleneck: boolean;
}

/** Channels inside the blocks of the four stages, and the strides by which each begins. */
export const STAGES = [
  { channels: 64, strides: 1 },
  { channels: 128, strides: 2 },
  { channels: 256, strides: 2 },
  { channels: 512, strides: 2 },
] as const;

/** How many times its inner channels a bottleneck block puts out. */
export const EXPANSION = 4;

/**
 * What the standard forms differ in.
 * - `v1`: He et al. 2015 as Keras' applications have it: strides on the first 1x1, convolutions with biases
 * - `v1.5`: torchvision's: strides on the 3x3, no biases before a normalization
 * - `v2`: He et al. 2016 as Keras' applications have it: normalization and ReLU before the convolutions
 */
export const FORMS = {
  v1: { bias: true, epsilon: 1.001e-5, stridesOn: "first", preactivation: false },
  "v1.5": { bias: false, epsilon: 1e-5, stridesOn: "middle", preactivation: false },
  v2: { bias: false, epsilon: 1.001e-5, stridesOn: "middle", preactivation: true },
} as const;

export type Form = keyof typeof FORMS;
