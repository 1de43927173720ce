import { ResonnxError } from "@resonnx/base";

/** A step's loss is NaN or infinite: `failed`, told apart from running out of memory and whatever else fails. */
export class NonFiniteLoss extends ResonnxError {
  /** `why` where it is known. */
  constructor(step: number, loss: number | undefined, hint: string, why?: string) {
    const what = `the loss is not a finite number${why ? `: ${why}` : ""}`;
    super("failed", { where: `step ${step}`, what, got: `${loss}`, hint });
  }
}
