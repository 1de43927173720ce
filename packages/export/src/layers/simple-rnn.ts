import { recurrentRule } from "./recurrent/recurrence.ts";
import { SimpleRNNCell } from "./recurrent/simple-rnn-cell.ts";

/** Keras' simplest recurrent layer: see its cell for the formula. */
export const SimpleRNN = recurrentRule((config, where) => ({
  cells: [SimpleRNNCell.cell(config, where)],
  lastFirst: false,
}));
