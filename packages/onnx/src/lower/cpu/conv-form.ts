import type { Window2d } from "../forms/window.ts";
import type { Rules } from "../translation.ts";

/** A way to compute a 2-D convolution and its gradients. */
export interface ConvForm extends Pick<Rules, "Conv" | "ConvInputGrad" | "ConvKernelGrad"> {
  /** Whether it can, and was measured to be the fastest. `co`: channels of the output. */
  suits(win: Window2d, co: number): boolean;
}
