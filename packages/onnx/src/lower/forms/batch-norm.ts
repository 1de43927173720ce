import { staticShape } from "../../autodiff/vjps.ts";
import type { Builder } from "../../builder/builder.ts";
import type { Node } from "../../ir/node.ts";
import type { Value } from "../../ir/value.ts";
import { BATCH_NORM_MOMENTUM } from "../../ops/normalization.ts";
import type { Order, Rule, Rules, Translation } from "../translation.ts";

/** Channels last, so that a batch is a matrix [m, channels]. */
const channelsLast = (rank: number): Order => [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];

interface Rows {
  readonly matrix: Value;
  readonly m: number;
  readonly dims: readonly number[];
  readonly order: Order;
}

function rowsOf(value: Value, t: Translation): Rows {
  const order = channelsLast(value.rank);
  const shape = staticShape(value.shape);
  const dims = order.map((axis) => shape[axis]!);
  const channels = dims.at(-1)!;
  const m = dims.reduce((a, dim) => a * dim, 1) / channels;
  return { matrix: t.b.reshape(t.read(value, order), [m, channels]), m, dims, order };
}

/** How a target takes the mean over the rows of a matrix [m, channels]: [1, channels]. */
export type MeanRows = (b: Builder, matrix: Value, m: number) => Value;

interface Statistics {
  readonly mean: Value;
  readonly centred: Value;
  readonly variance: Value;
  readonly deviation: Value;
}

function statistics(b: Builder, { matrix, m }: Rows, epsilon: number, meanRows: MeanRows): Statistics {
  const mean = meanRows(b, matrix, m);
  const centred = b.sub(matrix, mean);
  const variance = meanRows(b, b.mul(centred, centred), m);
  return { mean, centred, variance, deviation: b.sqrt(b.add(variance, epsilon)) };
}

/** The moving averages after a batch of which `mean` and `variance` are known, [channels] or [1, channels] or [channels, 1]. */
export function setRunning(
  node: Node<"BatchNormalization">,
  batch: { readonly mean: Value; readonly variance: Value },
  t: Translation,
): void {
  const { b } = t;
  const { momentum = BATCH_NORM_MOMENTUM } = node.attrs;
  for (const [i, statistic] of [batch.mean, batch.variance].entries()) {
    const before = node.inputs[3 + i]!;
    const vector = b.reshape(statistic, before.shape as number[]);
    const moved = () => b.add(b.mul(t.read(before), momentum), b.mul(vector, 1 - momentum));
    t.set(node.outputs[1 + i]!, momentum === 0 ? vector : moved());
  }
}

/** y = (x - mean) / sqrt(variance + epsilon) * scale + bias with the batch's own mean and population variance. */
const batchNormalization =
  (meanRows: MeanRows): Rule<"BatchNormalization"> =>
  (node, t) => {
    const { b } = t;
    const { epsilon, training_mode } = node.attrs;
    const [x, scale, bias, runningMean, runningVariance] = node.inputs.map((input) => input!) as [
      Value,
      Value,
      Value,
      Value,
      Value,
    ];
    const rows = rowsOf(x, t);
    const channels = rows.dims.at(-1)!;
    if (!training_mode) {
      const factor = b.div(t.read(scale), b.sqrt(b.add(t.read(runningVariance), epsilon)));
      const shift = b.sub(t.read(bias), b.mul(t.read(runningMean), factor));
      t.set(node.output, b.reshape(b.add(b.mul(rows.matrix, factor), shift), rows.dims), rows.order);
      return;
    }
    const { mean, centred, variance, deviation } = t.memo(x, `statistics ${epsilon}`, () =>
      statistics(b, rows, epsilon, meanRows),
    );
    const factor = b.div(b.reshape(t.read(scale), [1, channels]), deviation);
    t.set(node.output, b.reshape(b.add(b.mul(centred, factor), t.read(bias)), rows.dims), rows.order);
    setRunning(node, { mean, variance }, t);
  };

/**
 * With x̂ = centred / deviation (Ioffe & Szegedy 2015, section 3):
 * dscale = Σ dy·x̂, dbias = Σ dy, dx = scale / deviation · (dy - mean(dy) - centred · mean(dy·centred) / (variance + epsilon)).
 */
const batchNormGrad =
  (meanRows: MeanRows): Rule<"BatchNormGrad"> =>
  (node, t) => {
    const { b } = t;
    const { epsilon } = node.attrs;
    const [dy, x, scale] = node.inputs.map((input) => input!) as [Value, Value, Value];
    const rows = rowsOf(x, t);
    const { m } = rows;
    const channels = rows.dims.at(-1)!;
    const gradient = rowsOf(dy, t).matrix;
    const { centred, variance, deviation } = t.memo(x, `statistics ${epsilon}`, () =>
      statistics(b, rows, epsilon, meanRows),
    );
    const meanDy = meanRows(b, gradient, m);
    const meanDyCentred = meanRows(b, b.mul(gradient, centred), m);
    const factor = b.div(b.reshape(t.read(scale), [1, channels]), deviation);
    const slope = b.div(meanDyCentred, b.add(variance, epsilon));
    const dx = b.mul(b.sub(b.sub(gradient, meanDy), b.mul(centred, slope)), factor);
    t.set(node.outputs[0]!, b.reshape(dx, rows.dims), rows.order);
    t.set(node.outputs[1]!, b.reshape(b.div(b.mul(meanDyCentred, m), deviation), [channels]));
    t.set(node.outputs[2]!, b.reshape(b.mul(meanDy, m), [channels]));
  };

/** Batch normalization written out: the training mode of ONNX's operator runs on no other provider than the CPU's, and has no gradient. */
export const batchNorm = (meanRows: MeanRows): Pick<Rules, "BatchNormalization" | "BatchNormGrad"> => ({
  BatchNormalization: batchNormalization(meanRows),
  BatchNormGrad: batchNormGrad(meanRows),
});
