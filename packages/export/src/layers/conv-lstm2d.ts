import { ConvLSTM2DCell } from "./recurrent/conv-lstm2d-cell.ts";
import { recurrentRule } from "./recurrent/recurrence.ts";

/** A convolutional LSTM over [batch, time, ...picture], written out step by step. */
export const ConvLSTM2D = recurrentRule((config, where) => ({
  cells: [ConvLSTM2DCell.cell(config, where)],
  lastFirst: false,
}));
