import { ResonnxError } from "@resonnx/base";
import { type Builder, integers, type Value } from "@resonnx/onnx";
import { brief, isObject, type Json, type JsonObject } from "../config/json.ts";
import { scoped } from "./parts/scope.ts";
import { type Direction, emitOperator, fusible } from "./recurrent/operator.ts";
import { emitRecurrence, type Recurrence, type RecurrentRule } from "./recurrent/recurrence.ts";
import { reversed } from "./recurrent/sequence.ts";
import { countedSteps } from "./recurrent/steps.ts";
import type { CallContext, Emission, LayerRule, RuleLookup } from "./rule.ts";

/** How the two directions become the layer's outputs. */
interface Merge {
  /** From y [batch, (time,) 2, units], forward before backward. */
  fused(b: Builder, y: Value, name: string): readonly Value[];
  /** From the output of each. */
  apart(b: Builder, x: Value, y: Value, name: string): readonly Value[];
}

/** Keras' `merge_mode`; null gives both. */
const merges: { readonly [mode: string]: Merge } = {
  concat: {
    fused(b, y, name) {
      const units = 2 * (y.shape.at(-1) as number); // a cell's units are known
      return [b.op("Reshape", [y, b.ints([...new Array<number>(y.rank - 2).fill(0), units])], {}, name)];
    },
    apart: (b, x, y, name) => [b.op("Concat", [x, y], { axis: -1 }, name)],
  },
  sum: {
    fused: (b, y, name) => [b.op("ReduceSum", [y, b.ints([-2])], { keepdims: 0 }, name)],
    apart: (b, x, y, name) => [b.op("Add", [x, y], {}, name)],
  },
  ave: {
    fused: (b, y, name) => [b.op("ReduceMean", [y], { axes: [-2], keepdims: 0 }, name)],
    apart: (b, x, y, name) => [b.op("Mul", [b.add(x, y), 0.5], {}, name)],
  },
  mul: {
    fused: (b, y, name) => [b.op("Mul", [side(b, y, 0, -2), side(b, y, 1, -2)], {}, name)],
    apart: (b, x, y, name) => [b.op("Mul", [x, y], {}, name)],
  },
  null: {
    fused: (b, y) => [side(b, y, 0, -2), side(b, y, 1, -2)],
    apart: (_b, x, y) => [x, y],
  },
};

/** One of the two along `axis`, which goes. */
const side = (b: Builder, y: Value, index: 0 | 1, axis: number): Value =>
  b.op("Gather", [y, b.once(`int64 ${index}`, () => integers([index], []))], { axis });

/**
 * A recurrent layer over the sequence and one over its reverse, merged step by step. Masked steps of the sequence are
 * zeros, as Keras has it (tfjs repeats the step before).
 */
export const Bidirectional: LayerRule = {
  state: [],
  prepare(config, where, ruleOf) {
    const merge = readMerge(config.merge_mode, where);
    const forward = recurrenceOf(config.layer, {}, where, ruleOf);
    const turned = { go_backwards: !forward.options.go_backwards };
    const backward = isObject(config.backward_layer)
      ? recurrenceOf(config.backward_layer, {}, where, ruleOf)
      : recurrenceOf(config.layer, turned, where, ruleOf);
    return (call) => emit({ forward, backward, merge }, call);
  },
};

interface Pair {
  readonly forward: Recurrence;
  readonly backward: Recurrence;
  readonly merge: Merge;
}

function readMerge(mode: Json | undefined, where: string): Merge {
  const key = mode === undefined ? "concat" : `${mode}`;
  const merge = Object.hasOwn(merges, key) ? merges[key] : undefined;
  if (merge) return merge;
  throw new ResonnxError("bad-input", {
    where,
    what: `config "merge_mode"`,
    got: brief(mode),
    wanted: Object.keys(merges).join(", "),
  });
}

function recurrenceOf(json: Json | undefined, changes: JsonObject, where: string, ruleOf: RuleLookup): Recurrence {
  const { class_name: className, config } = isObject(json) ? json : {};
  if (typeof className !== "string" || !isObject(config))
    throw new ResonnxError("bad-input", { where, what: `config "layer"`, got: brief(json), wanted: "a layer" });
  const rule = ruleOf(className);
  if (!("recurrence" in rule))
    throw new ResonnxError("unsupported", {
      where,
      what: `Bidirectional of ${className}`,
      wanted: "a recurrent layer",
    });
  const given = { ...config, zero_output_for_mask: config.return_sequences ?? false, ...changes };
  return (rule as RecurrentRule).recurrence(given, where, ruleOf);
}

function emit(pair: Pair, call: CallContext): Emission {
  const states = call.inputs.slice(1);
  const [front, back] = sidesOf(call.scopes);
  const half = Math.ceil(states.length / 2);
  const below = (scope: string, part: readonly Value[], label: string): CallContext => ({
    ...scoped(call, scope),
    name: `${call.name}/${label}`,
    inputs: [call.inputs[0]!, ...part],
  });
  const calls = {
    forward: below(front, states.slice(0, half), "forward"),
    backward: below(back, states.slice(half), "backward"),
  };
  const both = oneOperator(pair, calls);
  const { merged, states: last } = both ? emitFused(pair, both, call) : emitApart(pair, calls, call);
  const sequences = pair.forward.options.return_sequences;
  return {
    values: pair.forward.options.return_state ? [...merged, ...last] : merged,
    masks: merged.map(() => (sequences ? call.masks[0] : undefined)),
  };
}

interface Calls {
  readonly forward: CallContext;
  readonly backward: CallContext;
}

/** The cells of both sides as the directions of one node; undefined where that can't be. */
function oneOperator({ forward, backward }: Pair, calls: Calls): readonly [Direction, Direction] | undefined {
  const options = [forward.options, backward.options];
  if (calls.forward.differentiable) return undefined;
  if (options.some(({ stateful, time_major }) => stateful || time_major)) return undefined;
  if (forward.options.go_backwards || !backward.options.go_backwards) return undefined;
  if (forward.cells.length + backward.cells.length > 2) return undefined;
  const front = forward.cells[0]!.bind(calls.forward).operator;
  const back = backward.cells[0]!.bind(calls.backward).operator;
  return front && back && fusible(front, back) ? [front, back] : undefined;
}

interface Both {
  readonly merged: readonly Value[];
  /** The forward layer's, then the backward one's. */
  readonly states: readonly Value[];
}

function emitFused({ forward, merge }: Pair, directions: readonly [Direction, Direction], call: CallContext): Both {
  const { b, name, masks } = call;
  const [x, ...given] = call.inputs;
  const steps = masks[0] && countedSteps(b, masks[0]);
  const inputs = {
    x: b.transpose(steps ? steps.gathered(x!) : x!, [1, 0, 2]),
    lengths: steps?.lengths,
    initial: given.length > 0 ? [given.slice(0, given.length / 2), given.slice(given.length / 2)] : undefined,
  };
  const ran = emitOperator(b, directions, "bidirectional", inputs, `${name}/both`);
  const states = ([0, 1] as const).flatMap((index) => ran.states.map((state) => side(b, state, index, 0)));
  const final = steps && given.length > 0 ? states.map((state, i) => steps.unlessEmpty(state, given[i]!)) : states;
  const y = forward.options.return_sequences
    ? b.transpose(ran.y, [2, 0, 1, 3])
    : b.transpose(ran.states[0]!, [1, 0, 2]);
  const spread = steps && forward.options.return_sequences ? steps.spreadOverZeros(y) : y;
  return { merged: merge.fused(b, spread, name), states: final };
}

function emitApart({ forward, backward, merge }: Pair, calls: Calls, { b, name }: CallContext): Both {
  const [x, ...front] = emitRecurrence(forward, calls.forward).values;
  const [y, ...back] = emitRecurrence(backward, calls.backward).values;
  const { return_sequences: sequences, time_major: timeMajor } = forward.options;
  const aligned = sequences ? reversed(b, y!, timeMajor ? 0 : 1) : y!;
  return { merged: merge.apart(b, x!, aligned, name), states: [...front, ...back] };
}

/** The folders of the two layers' weights: by their names, which begin with forward_ and backward_, else by their order. */
function sidesOf(scopes: readonly string[]): readonly [string, string] {
  const tops = [...new Set(scopes.map((scope) => scope.split("/")[0]!))];
  const back = tops.find((top) => top.startsWith("backward")) ?? tops[1] ?? "";
  return [tops.find((top) => top.startsWith("forward") && top !== back) ?? tops[0] ?? "", back];
}
