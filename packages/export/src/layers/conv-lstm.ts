import type { CellRule } from "./recurrent/cell.ts";
import { ConvLSTM1DCell, ConvLSTM2DCell, ConvLSTM3DCell } from "./recurrent/conv-lstm-cell.ts";
import { recurrentRule } from "./recurrent/recurrence.ts";

/** A convolutional LSTM over [batch, time, ...picture], written out step by step. */
const convLstm = (rule: CellRule) =>
  recurrentRule((config, where) => ({ cells: [rule.cell(config, where)], lastFirst: false }));

export const ConvLSTM1D = convLstm(ConvLSTM1DCell);
export const ConvLSTM2D = convLstm(ConvLSTM2DCell);
export const ConvLSTM3D = convLstm(ConvLSTM3DCell);
