import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import { sameShape, sizeOf } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { plainRules } from "../lower/plain.ts";
import { elementwise } from "../lower/rules.ts";
import { readersOf } from "./in-place.ts";
import { nextName } from "./names.ts";

/** A stretch of a state array that a graph takes and gives as an array of its own. */
export interface Piece {
  /** The whole array's name in the state, and its shape. */
  readonly of: string;
  readonly dims: readonly number[];
  /** Where it begins, in elements. */
  readonly offset: number;
}

/**
 * Takes and gives a weight in pieces where a lowered step graph splits it (few-taps.ts: a matrix for each tap of a
 * kernel), and its optimizer's arrays with it. Nothing is split or joined any more, and each of an update's ten passes
 * finds the piece before it in the processor's cache: 2 % of ResNet50's step on 64x64 pictures.
 *
 * `families`: of each weight its name and its slots'. Returns what the new inputs are, by their names; the outputs that
 * replace them have the names of `nextName`.
 */
export function inPieces(graph: Graph, families: readonly (readonly string[])[]): ReadonlyMap<string, Piece> {
  return new Map(families.flatMap((names) => divided(graph, names)));
}

function divided(graph: Graph, names: readonly string[]): (readonly [name: string, piece: Piece])[] {
  const arrays = names.map((name) => graph.inputs.find((input) => input.name === name)!);
  const nexts = names.map((name) => graph.outputs.find((output) => output.name === nextName(name))!);
  const splits = splitsOf(arrays[0]!);
  if (splits.length === 0) return [];
  const cut = new Cut(graph, arrays, splits[0]!.outputs);
  if (!nexts.every(({ value }) => cut.divides(value))) return [];
  const made = arrays.flatMap((array) => cut.input(array));
  for (const node of graph.order())
    if (node.is("ReduceSum") && node.output.rank === 0 && cut.divides(node.inputs[0]!))
      graph.replaceAllUses(node.output, cut.total(node.inputs[0]!)); // the norm that gradients are clipped by
  for (const split of splits)
    for (const [i, output] of split.outputs.entries()) graph.replaceAllUses(output, cut.pieces(arrays[0]!)[i]!);
  for (const { name, value } of nexts) {
    const place = graph.outputs.findIndex((output) => output.name === name);
    const given = cut.pieces(value).map((piece, i) => ({ name: pieceName(name, i), value: piece }));
    graph.outputs.splice(place, 1, ...given);
  }
  graph.removeDead();
  for (const array of arrays) if (array.users.size === 0) graph.inputs.splice(graph.inputs.indexOf(array), 1);
  return made;
}

const pieceName = (name: string, index: number): string => `${name}[${index}]`;

/** The nodes that read a weight in equal stretches of its memory, all of them in the same ones. */
function splitsOf(weight: Value): Node<"Split">[] {
  const splits = readersOf(weight).filter((node) => node.is("Split")) as Node<"Split">[];
  const [first] = splits;
  const alike = ({ attrs, outputs }: Node<"Split">): boolean =>
    attrs.axis === 0 && outputs.every(({ shape }) => sameShape(shape, first!.output.shape));
  return splits.filter(alike);
}

/** How one weight and its slots are divided. */
class Cut {
  readonly #b: Builder;
  readonly #arrays: readonly Value[];
  readonly #shape: readonly number[];
  readonly #count: number;
  readonly #pieces = new Map<Value, readonly Value[]>();

  /** `arrays`, each into pieces like `outputs`. */
  constructor(graph: Graph, arrays: readonly Value[], outputs: readonly Value[]) {
    this.#b = new Builder(graph);
    this.#arrays = arrays;
    this.#shape = outputs[0]!.shape as readonly number[];
    this.#count = outputs.length;
  }

  /** Whether a piece of `value` takes nothing but the same piece of others, of the arrays at first, and scalars. */
  divides(value: Value): boolean {
    if (this.#arrays.includes(value)) return true;
    const { producer, shape } = value;
    if (!producer || sizeOf(shape as readonly number[]) !== this.#count * sizeOf(this.#shape)) return false;
    if (producer.is("Reshape")) return this.divides(producer.inputs[0]!);
    if (producer.is("Concat")) {
      const alike = producer.inputs.every((input) => sameShape(input!.shape, this.#shape));
      return producer.attrs.axis === 0 && alike;
    }
    if (plainRules[producer.op] !== elementwise) return false;
    return producer.inputs.every((input) => isScalar(input!) || this.divides(input!));
  }

  /** New inputs instead of a state array. */
  input(array: Value): (readonly [name: string, piece: Piece])[] {
    const { graph } = this.#b;
    const made = Array.from({ length: this.#count }, (_, i) =>
      graph.input(pieceName(array.name!, i), { dtype: array.type.dtype, shape: this.#shape }),
    );
    this.#pieces.set(array, made);
    const [of, dims] = [array.name!, array.shape as readonly number[]];
    return made.map(({ name }, i) => [name!, { of, dims, offset: i * sizeOf(this.#shape) }] as const);
  }

  /** Of a value that this divides. */
  pieces(value: Value): readonly Value[] {
    const known = this.#pieces.get(value);
    if (known) return known;
    const node = value.producer!;
    const made = this.#made(node);
    this.#pieces.set(value, made);
    return made;
  }

  total(value: Value): Value {
    return this.pieces(value)
      .map((piece) => this.#b.total(piece))
      .reduce((sum, each) => this.#b.add(sum, each));
  }

  #made(node: Node): readonly Value[] {
    const { graph } = this.#b;
    if (node.is("Reshape")) return this.pieces(node.inputs[0]!);
    if (node.is("Concat")) return node.inputs as readonly Value[];
    const operands = node.inputs.map((input) => (isScalar(input!) ? undefined : this.pieces(input!)));
    graph.origins = node.origins;
    return Array.from({ length: this.#count }, (_, i) =>
      graph.op(
        node.op,
        node.inputs.map((input, k) => operands[k]?.[i] ?? input),
        node.attrs,
      ),
    );
  }
}

const isScalar = ({ shape }: Value): boolean => sizeOf(shape as readonly number[]) === 1;
