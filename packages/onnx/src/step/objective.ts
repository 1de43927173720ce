import { ResonnxError } from "@resonnx/base";
import type { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import { isStatic } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { Loss } from "../losses/loss.ts";
import { labelsName, predictionsName, STEP } from "./names.ts";

/** An output of the model, and what it is trained for. */
export interface TrainedOutput {
  readonly name: string;
  /** [batch, ..., classes or values], of known sizes. */
  readonly value: Value;
  readonly loss: Loss;
  /** Its share of the total loss. */
  readonly weight: number;
}

/**
 * The number that training makes small: Σ over outputs of weight · mean loss. Adds the inputs `labels`, and
 * `sample_weights` [batch] when asked for, which multiply each sample's losses before the mean, as Keras has it.
 */
export function objective(b: Builder, outputs: readonly TrainedOutput[], weighted: boolean): Value {
  const batch = outputs[0]?.value.shape[0];
  const inputs = outputs.map((output) => labelsInput(b, output, outputs.length));
  const weights =
    weighted && typeof batch === "number"
      ? b.graph.input(STEP.sampleWeights, { dtype: "float32", shape: [batch] })
      : undefined;
  const terms = outputs.map(({ value, loss, weight }, i) => {
    const rows = loss.emit(b, inputs[i]!, value);
    const mean = meanOf(b, weights ? b.mul(rows, acrossBatch(b, weights, rows)) : rows);
    return weight === 1 ? mean : b.mul(mean, weight);
  });
  return terms.reduce((sum, term) => b.add(sum, term));
}

/** Makes the loss and the predictions a graph's outputs, and nothing else. */
export function tellLoss(graph: Graph, loss: Value, outputs: readonly TrainedOutput[]): void {
  graph.outputs.length = 0;
  graph.output(STEP.loss, loss);
  for (const { name, value } of outputs) graph.output(predictionsName(name, outputs.length), value);
}

function labelsInput(b: Builder, { name, value, loss }: TrainedOutput, of: number): Value {
  const { shape } = value;
  if (shape.length < 2 || !isStatic(shape)) {
    throw new ResonnxError("unsupported", {
      where: `${b.graph.name}: output "${name}"`,
      what: "training needs an output of known sizes with a batch",
      got: `[${shape}]`,
      wanted: "[batch, ..., values]",
    });
  }
  const wanted = loss.labels === "classes" ? shape.slice(0, -1) : shape;
  return b.graph.input(labelsName(name, of), { dtype: "float32", shape: wanted });
}

const acrossBatch = (b: Builder, weights: Value, rows: Value): Value =>
  b.reshape(weights, [weights.shape[0] as number, ...new Array<number>(rows.rank - 1).fill(1)]);

const meanOf = (b: Builder, rows: Value): Value => {
  const count = (rows.shape as readonly number[]).reduce((a, dim) => a * dim, 1);
  return b.mul(b.total(rows), 1 / count);
};
