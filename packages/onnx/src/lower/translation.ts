import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";

/** An order of axes: axis i of a stored value is axis `order[i]` of the value that it stands for. */
export type Order = readonly number[];

/** How the target graph holds a value of the source graph: some value, with its axes in some order. */
export interface View {
  readonly stored: Value;
  readonly order: Order;
}

/** Rewrites one node of the source graph: reads its inputs, emits, and `set`s every output that is used. */
export type Rule<K extends OpName> = (node: Node<K>, t: Translation) => void;

/** A rule for every operator, so that the compiler names the one that is missing. */
export type Rules = { readonly [K in OpName]: Rule<K> };

export const identityOrder = (rank: number): Order => Array.from({ length: rank }, (_, axis) => axis);
const sameOrder = (a: Order, b: Order): boolean => a.every((axis, i) => axis === b[i]);

/**
 * Rebuilds a graph node by node. Values are held as views, so reordering axes costs nothing until a rule asks for a
 * definite order: `Transpose` nodes dissolve into views, and come back only where two neighbours want different orders.
 */
export class Translation {
  readonly b: Builder;
  readonly target: Graph;
  private readonly views = new Map<Value, View>();
  private readonly reordered = new Map<Value, Map<string, Value>>();
  private readonly memos = new Map<Value, Map<string, object>>();

  constructor(name: string) {
    this.target = new Graph(name);
    this.b = new Builder(this.target);
  }

  /** How `value` of the source graph is held. */
  view(value: Value): View {
    const known = this.views.get(value);
    if (known) return known;
    const view = { stored: this.b.constant(value.constant!, value.name), order: identityOrder(value.rank) };
    this.views.set(value, view);
    return view;
  }

  /** `value` with its axes in `order`; in its own order by default. Reordered once, however often it is read. */
  read(value: Value, order: Order = identityOrder(value.rank)): Value {
    const view = this.view(value);
    if (sameOrder(view.order, order)) return view.stored;
    const perm = order.map((axis) => view.order.indexOf(axis));
    const cache = this.reordered.get(view.stored) ?? new Map<string, Value>();
    this.reordered.set(view.stored, cache);
    const known = cache.get(`${perm}`);
    if (known) return known;
    const made = reorder(this.b, view.stored, perm);
    cache.set(`${perm}`, made);
    return made;
  }

  set(value: Value, stored: Value, order: Order = identityOrder(value.rank)): void {
    stored.name ??= value.name;
    this.views.set(value, { stored, order });
  }

  /** Something about `value` that rules of several operators need (a batch's statistics): made by the first to ask. */
  memo<T extends object>(value: Value, what: string, make: () => T): T {
    const known = this.memos.get(value) ?? new Map<string, object>();
    this.memos.set(value, known);
    const made = known.get(what) ?? make();
    known.set(what, made);
    return made as T; // one type a name, by the rules' agreement
  }
}

/** A Transpose, or a Reshape where only axes of size 1 move. */
function reorder(b: Builder, value: Value, perm: readonly number[]): Value {
  const moving = perm.filter((axis) => value.shape[axis] !== 1);
  const dims = perm.map((axis) => value.shape[axis]!);
  const inPlace = moving.every((axis, i) => i === 0 || axis > moving[i - 1]!);
  if (!value.constant && inPlace && dims.filter((dim) => typeof dim !== "number").length <= 1) {
    return b.reshape(
      value,
      dims.map((dim) => (typeof dim === "number" ? dim : -1)),
    );
  }
  return b.transpose(value, perm);
}

/** The source graph rebuilt by the rules; graph inputs and outputs keep names, types and order. */
export function translate(source: Graph, rules: Rules): Graph {
  const t = new Translation(source.name);
  for (const input of source.inputs) t.set(input, t.target.input(input.name!, input.type));
  for (const node of source.order()) {
    t.target.origins = node.origins;
    (rules[node.op] as Rule<OpName>)(node, t);
  }
  for (const { name, value } of source.outputs) t.target.output(name, t.read(value));
  return t.target;
}
