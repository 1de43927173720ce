import type { Builder } from "../builder/builder.ts";
import { floats } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import { clip, EPSILON, type Loss, meanLast, ofValues, sumLast } from "./loss.ts";

export interface CrossentropyOptions {
  /** Share of each label that is spread evenly over all classes (Szegedy et al. 2016, section 7). */
  readonly labelSmoothing?: number;
  /** Whether the predictions are logits: the model ends without Softmax or Sigmoid. */
  readonly fromLogits?: boolean;
}

const classesOf = (predictions: Value): number => Number(predictions.shape.at(-1));

/**
 * Logarithms of class probabilities. Those that a Softmax along the last axis gives, and logits, go through LogSoftmax:
 * the same numbers, exact for probabilities near 0, with the gradient softmax - labels. Others are scaled to a sum of 1
 * and kept away from 0 and 1, as Keras does.
 */
function logProbabilities(b: Builder, predictions: Value, fromLogits: boolean): Value {
  const last = predictions.rank - 1;
  const producer = predictions.producer;
  const fused = producer?.is("Softmax") && [-1, last].includes(producer.attrs.axis) ? producer.inputs[0] : undefined;
  const logits = fromLogits ? predictions : fused;
  if (logits) return b.op("LogSoftmax", [logits], { axis: last });
  const scaled = b.div(predictions, sumLast(b, predictions, 1));
  return b.op("Log", [clip(b, scaled, EPSILON, 1 - EPSILON)], {});
}

/** `labels` with a share spread evenly over `count` outcomes. */
const smoothed = (b: Builder, labels: Value, share: number, count: number): Value =>
  share === 0 ? labels : b.add(b.mul(labels, 1 - share), share / count);

/** -Σ labels · log(probabilities) over classes; labels one-hot or any distribution. */
export const categoricalCrossentropy = ({ labelSmoothing = 0, fromLogits = false }: CrossentropyOptions = {}): Loss =>
  ofValues((b, labels, predictions) => {
    const target = smoothed(b, labels, labelSmoothing, classesOf(predictions));
    return b.neg(sumLast(b, b.mul(target, logProbabilities(b, predictions, fromLogits))));
  });

/** The same for class numbers, which become one-hot by comparison: onnxruntime has no OneHot on WebGPU. */
export function sparseCategoricalCrossentropy(options: CrossentropyOptions = {}): Loss {
  const { emit } = categoricalCrossentropy(options);
  return {
    labels: "classes",
    emit(b, labels, predictions) {
      const count = classesOf(predictions);
      const numbers = b.once(`classes ${count}`, () =>
        floats(
          [count],
          Float32Array.from({ length: count }, (_, i) => i),
        ),
      );
      const column = b.op("Unsqueeze", [labels, b.ints([labels.rank])], {});
      return emit(b, b.where(b.op("Equal", [column, numbers], {}), 1, 0), predictions);
    },
  };
}

/** What a Sigmoid was taken of to give `predictions`; else their logits log(p / (1 - p)), p kept away from 0 and 1. */
function logitsOf(b: Builder, predictions: Value, fromLogits: boolean): Value {
  if (fromLogits) return predictions;
  const producer = predictions.producer;
  if (producer?.is("Sigmoid")) return producer.inputs[0]!;
  const p = clip(b, predictions, EPSILON, 1 - EPSILON);
  return b.op("Log", [b.div(p, b.sub(1, p))], {});
}

/** Mean of max(x, 0) - x·labels + log(1 + exp(-|x|)) for logits x: binary cross-entropy, stable at both ends. */
export const binaryCrossentropy = ({ labelSmoothing = 0, fromLogits = false }: CrossentropyOptions = {}): Loss =>
  ofValues((b, labels, predictions) => {
    const x = logitsOf(b, predictions, fromLogits);
    const target = smoothed(b, labels, labelSmoothing, 2);
    const tail = b.op("Log", [b.add(b.exp(b.neg(b.abs(x))), 1)], {});
    return meanLast(b, b.add(b.sub(b.relu(x), b.mul(x, target)), tail));
  });
