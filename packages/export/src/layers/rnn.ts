import { ResonnxError } from "@resonnx/base";
import { brief, isArray, isObject, type Json, type JsonObject } from "../config/json.ts";
import type { Cell, CellRule } from "./recurrent/cell.ts";
import { recurrentRule } from "./recurrent/recurrence.ts";
import type { LayerRule, RuleLookup, Unsupported } from "./rule.ts";

/** More cells, one inside the other, than anyone stacks. */
const MAX_DEPTH = 16;

/** Cells read as a stack, each on the output of the one before; only inside RNN. */
export const StackedRNNCells: LayerRule = {
  state: [],
  prepare(_config, where) {
    throw new ResonnxError("unsupported", { where, what: "a cell outside of an RNN layer" });
  },
};

/** Any cells over time. */
export const RNN = recurrentRule((config, where, ruleOf) => ({
  cells: cellsOf(config.cell, where, ruleOf, 0),
  // tfjs writes the cells beside the cell, and keeps the states of a stack last cell first.
  lastFirst: config.cells !== undefined || stackConfig(config.cell).reverse_state_order === true,
}));

const stackConfig = (cell: Json | undefined): JsonObject =>
  isObject(cell) && isObject(cell.config) ? cell.config : {};

function cellsOf(json: Json | undefined, where: string, ruleOf: RuleLookup, depth: number): Cell[] {
  if (isArray(json) && depth < MAX_DEPTH) return json.flatMap((cell) => cellsOf(cell, where, ruleOf, depth + 1));
  if (!isObject(json) || typeof json.class_name !== "string" || !isObject(json.config))
    throw new ResonnxError("bad-input", { where, what: `config "cell"`, got: brief(json), wanted: "a cell" });
  if (json.class_name === "StackedRNNCells") return cellsOf(json.config.cells ?? [], where, ruleOf, depth + 1);
  const rule = ruleOf(json.class_name);
  if (!isCell(rule))
    throw new ResonnxError("unsupported", {
      where,
      what: `cell of class ${json.class_name}`,
      wanted: "SimpleRNNCell, GRUCell, LSTMCell or StackedRNNCells",
      hint: "custom cells have no rule",
    });
  return [rule.cell(json.config, where)];
}

const isCell = (rule: LayerRule | Unsupported): rule is CellRule => "cell" in rule;
