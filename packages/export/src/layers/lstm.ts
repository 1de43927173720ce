import { LSTMCell } from "./recurrent/lstm-cell.ts";
import { recurrentRule } from "./recurrent/recurrence.ts";

/** Long short-term memory: see its cell for the formula. */
export const LSTM = recurrentRule((config, where) => ({ cells: [LSTMCell.cell(config, where)], lastFirst: false }));
