import { ResonnxError } from "@resonnx/base";
import type { Builder, Value } from "@resonnx/onnx";
import { type ConfigOf, type Fields, parseConfig } from "../../config/fields.ts";
import type { JsonObject } from "../../config/json.ts";
import type { CallContext, LayerRule } from "../rule.ts";
import type { Direction } from "./operator.ts";

/** A recurrent cell whose config was checked. Its output is its first state. */
export interface Cell {
  readonly name: string;
  /** The cell with its weights, for one call. */
  bind(call: CallContext): BoundCell;
}

export interface BoundCell {
  /** Without the batch. */
  readonly stateShapes: readonly (readonly number[])[];
  /** The cell as one direction of ONNX's own operator; undefined when that has no such activation. */
  readonly operator: Direction | undefined;
  /** What a step needs of its input x [..., features] alone: all steps of a sequence at once are one large product. */
  project(b: Builder, x: Value): Value;
  /** The states after one step that reads a projected input [batch, ...]. */
  step(b: Builder, projected: Value, states: readonly Value[]): readonly Value[];
}

interface CellFacts<F extends Fields> {
  readonly config: F;
  bind(call: CallContext & { readonly config: ConfigOf<F> }): BoundCell;
}

/** How a cell class is read. A cell alone is no layer: `prepare` refuses it. */
export interface CellRule extends LayerRule {
  cell(config: JsonObject, where: string): Cell;
}

export const cellRule = <const F extends Fields>({ config: fields, bind }: CellFacts<F>): CellRule => ({
  state: [],
  prepare(_config, where) {
    throw new ResonnxError("unsupported", { where, what: "a cell outside of an RNN layer" });
  },
  cell(json, where) {
    const config = parseConfig(fields, json, where);
    return { name: typeof json.name === "string" ? json.name : "", bind: (call) => bind({ ...call, config }) };
  },
});
