import { ResonnxError } from "@resonnx/base";
import type { Value } from "@resonnx/onnx";
import { type ConfigOf, flag, only, optional, parseConfig } from "../../config/fields.ts";
import type { JsonObject } from "../../config/json.ts";
import { scoped } from "../parts/scope.ts";
import type { CallContext, Emission, LayerRule, RuleLookup } from "../rule.ts";
import type { BoundCell, Cell } from "./cell.ts";
import { type Ran, runSequence } from "./sequence.ts";

/** What every recurrent layer can be told. `unroll` and `implementation` change nothing. */
const fields = {
  return_sequences: optional(flag, false),
  return_state: optional(flag, false),
  go_backwards: optional(flag, false),
  stateful: optional(flag, false),
  time_major: optional(flag, false),
  zero_output_for_mask: optional(flag, false),
  num_constants: only(0),
};

export type RecurrentOptions = ConfigOf<typeof fields>;

/** The cells of a recurrent layer, the first one reading the layer's input. */
export interface Cells {
  readonly cells: readonly Cell[];
  /** tfjs keeps the states of stacked cells last cell first. */
  readonly lastFirst: boolean;
}

/** A recurrent layer whose config was checked. */
export interface Recurrence extends Cells {
  readonly options: RecurrentOptions;
}

/** How a recurrent layer class is read; Bidirectional looks inside. */
export interface RecurrentRule extends LayerRule {
  recurrence(config: JsonObject, where: string, ruleOf: RuleLookup): Recurrence;
}

export function recurrentRule(
  cellsOf: (config: JsonObject, where: string, ruleOf: RuleLookup) => Cells,
): RecurrentRule {
  const recurrence = (json: JsonObject, where: string, ruleOf: RuleLookup): Recurrence => ({
    ...cellsOf(json, where, ruleOf),
    options: parseConfig(fields, json, where),
  });
  return {
    state: [],
    recurrence,
    prepare(json, where, ruleOf) {
      const prepared = recurrence(json, where, ruleOf);
      return (call) => emitRecurrence(prepared, call);
    },
  };
}

/** The cells with their weights; without ONNX's operators where gradients are to go through them. */
export function bindCells(cells: Cells, call: CallContext): BoundCell[] {
  const bound = boundCells(cells, call);
  return call.differentiable ? bound.map((cell) => ({ ...cell, operator: undefined })) : bound;
}

/** The cells' weights lie in one folder a cell. */
function boundCells({ cells }: Cells, call: CallContext): BoundCell[] {
  if (cells.length === 1) return [cells[0]!.bind(call)];
  const { scopes } = call;
  if (scopes.length !== cells.length)
    throw new ResonnxError("bad-input", {
      where: call.where,
      what: "folders with weights",
      got: scopes.join(", ") || "none",
      wanted: `one for each of ${cells.length} cells`,
    });
  const named = cells.map(({ name }) => scopes.find((scope) => scope.split("/").at(-1) === name));
  const byName = new Set(named).size === cells.length && !named.includes(undefined);
  return cells.map((cell, i) => cell.bind(scoped(call, (byName && named[i]) || scopes[i]!)));
}

/** The states in the order in which the layer takes and gives them. */
const flat = (states: readonly (readonly Value[])[], lastFirst: boolean): Value[] =>
  (lastFirst ? [...states].reverse() : states).flat();

function initialStates(cells: readonly BoundCell[], { options, lastFirst }: Recurrence, call: CallContext) {
  const counts = cells.map(({ stateShapes }) => stateShapes.length);
  const given = call.inputs.slice(1);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (given.length > 0 && given.length !== total)
    throw new ResonnxError("bad-input", {
      where: call.where,
      what: "number of initial states",
      got: `${given.length}`,
      wanted: `${total}`,
    });
  const states = given.length > 0 ? given : options.stateful ? carriedStates(cells, call, lastFirst) : undefined;
  if (!states) return undefined;
  const queue = [...states];
  const split = (lastFirst ? [...counts].reverse() : counts).map((count) => queue.splice(0, count));
  return lastFirst ? split.reverse() : split;
}

function carriedStates(cells: readonly BoundCell[], call: CallContext, lastFirst: boolean): Value[] | undefined {
  const shapes = cells.map(({ stateShapes }) => stateShapes);
  const { dtype, shape } = call.inputs[0]!.type;
  const types = (lastFirst ? shapes.reverse() : shapes).flat().map((own) => ({ dtype, shape: [shape[0]!, ...own] }));
  const states = types.flatMap((type, i) => call.carried(`state_${i}`, type) ?? []);
  return states.length === types.length ? states : undefined;
}

function timeMajor(call: CallContext): CallContext {
  if (call.masks[0]) throw new ResonnxError("unsupported", { where: call.where, what: "a mask with time_major" });
  const [x, ...states] = call.inputs;
  return { ...call, inputs: [swapped(call, x!), ...states] };
}

const swapped = ({ b }: CallContext, x: Value): Value => b.transpose(x, [1, 0, ...x.shape.keys()].toSpliced(2, 2));

export function emitRecurrence(recurrence: Recurrence, given: CallContext): Emission {
  const { options, lastFirst } = recurrence;
  const call = options.time_major ? timeMajor(given) : given;
  const ran = run(recurrence, call);
  const states = flat(ran.states, lastFirst);
  if (options.stateful) for (const [i, state] of states.entries()) call.carry(`state_${i}`, state);
  const output = options.return_sequences ? (options.time_major ? swapped(call, ran.outputs) : ran.outputs) : ran.last;
  return {
    values: options.return_state ? [output, ...states] : [output],
    masks: [options.return_sequences ? call.masks[0] : undefined],
  };
}

function run(recurrence: Recurrence, call: CallContext): Ran {
  const { options } = recurrence;
  const cells = bindCells(recurrence, call);
  const sequence = {
    x: call.inputs[0]!,
    mask: call.flags.has("unmasked") ? undefined : call.masks[0],
    initial: initialStates(cells, recurrence, call),
    backwards: options.go_backwards,
    zeroMasked: options.zero_output_for_mask,
  };
  return runSequence(call.b, cells, sequence, call.name, call.where);
}
