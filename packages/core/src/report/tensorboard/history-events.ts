import type { HistoryRow } from "../history.ts";
import type { Scalars } from "./events.ts";

/** The two curves that TensorBoard draws into each other, named as by Keras' callback. */
export const CURVES = ["train", "validation"] as const;
export type Curve = (typeof CURVES)[number];

/** What an epoch tells each curve; nothing about the validation where there is none. The step is the epoch from 0, as in Keras. */
export function epochEvents(row: HistoryRow, wallTime: number): { readonly [C in Curve]: Scalars | undefined } {
  const { epoch, loss, accuracy, valLoss, valAccuracy, learningRate } = row;
  const at = { wallTime, step: epoch - 1 };
  const validated = valLoss !== undefined && valAccuracy !== undefined;
  return {
    train: {
      ...at,
      values: { epoch_loss: loss, epoch_accuracy: accuracy, epoch_learning_rate: learningRate },
    },
    validation: validated ? { ...at, values: { epoch_loss: valLoss, epoch_accuracy: valAccuracy } } : undefined,
  };
}
