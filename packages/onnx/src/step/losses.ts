import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";

/** Keras' guard against log(0) for probabilities that come from no softmax. */
const EPSILON = 1e-7;

/**
 * Categorical cross-entropy, mean over the batch: -Σ labels · log(probabilities) / n, both [n, classes].
 * Where the probabilities come from a Softmax, its input goes through LogSoftmax instead: the same number, exact for
 * probabilities near 0, and its gradient is softmax - labels.
 */
export function categoricalCrossentropy(b: Builder, labels: Value, probabilities: Value): Value {
  const producer = probabilities.producer;
  const logs = producer?.is("Softmax")
    ? b.op("LogSoftmax", [producer.inputs[0]], producer.attrs)
    : b.op("Log", [b.add(probabilities, EPSILON)], {});
  const n = labels.shape[0] as number;
  return b.mul(b.sum(b.mul(labels, logs), [0, 1], 0), -1 / n);
}
