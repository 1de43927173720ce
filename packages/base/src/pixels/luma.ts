/** Shares of red, green and blue in a pixel's gray: ITU-R BT.601 luma, as PIL's "L" and torchvision take it. */
export const LUMA = [0.299, 0.587, 0.114] as const;
