/** Names of a step graph's inputs and outputs besides the model's own. */
export const STEP = {
  labels: "labels",
  loss: "loss",
  predictions: "predictions",
  sampleWeights: "sample_weights",
} as const;

/** Slot names that are not an optimizer's. */
export const SLOTS = { gradient: "gradient", ema: "ema" } as const;

/** `m/conv1/kernel` */
export const slotName = (slot: string, parameter: string): string => `${slot}/${parameter}`;

/** What a step replaces `name` by. */
export const nextName = (name: string): string => `next/${name}`;

/** What an output of the model is called in a step graph: `labels`; `labels/{output}` where there are several. */
export const labelsName = (output: string, of: number): string => (of === 1 ? STEP.labels : `${STEP.labels}/${output}`);
export const predictionsName = (output: string, of: number): string =>
  of === 1 ? STEP.predictions : `${STEP.predictions}/${output}`;
