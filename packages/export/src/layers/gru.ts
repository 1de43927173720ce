import { GRUCell } from "./recurrent/gru-cell.ts";
import { recurrentRule } from "./recurrent/recurrence.ts";

/** Gated recurrent units: see its cell for the formula. */
export const GRU = recurrentRule((config, where) => ({ cells: [GRUCell.cell(config, where)], lastFirst: false }));
