import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { randomStream } from "../testing/random.ts";
import type { GradientCase } from "./basic-cases.ts";

type Dims = readonly number[];

/** Draws shapes from one seed's sequence. */
class Dice {
  readonly #next: () => number;
  constructor(seed: number) {
    this.#next = randomStream(Math.imul(seed, 0x9e3779b9)); // near seeds begin with near numbers
  }

  /** A whole number from `low` to `high`. */
  between = (low: number, high: number): number => low + Math.floor(((this.#next() + 1) / 2) * (high - low + 1));
  chance = (share: number): boolean => (this.#next() + 1) / 2 < share;
  dims = (rank: number): Dims => Array.from({ length: rank }, () => this.between(2, 4));

  /** A shape that is stretched to `dims`: some axes are 1, some in front are left out. */
  stretchedTo = (dims: Dims): Dims =>
    dims.map((dim) => (this.chance(0.4) ? 1 : dim)).slice(this.chance(0.5) ? this.between(0, dims.length) : 0);

  /** `count` shapes that are stretched to each other: on each axis one of them is as long as the result. */
  stretched(count: number, dims: Dims = this.dims(this.between(1, 4))): Dims[] {
    const longest = dims.map(() => this.between(0, count - 1));
    const whole = this.between(0, count - 1); // of the result's rank, so that the others may be shorter
    return Array.from({ length: count }, (_, i) => {
      const shape = dims.map((dim, axis) => (longest[axis] === i || this.chance(0.5) ? dim : 1));
      const unread = shape.findIndex((dim) => dim > 1);
      return i === whole ? shape : shape.slice(unread < 0 ? this.between(0, dims.length) : this.between(0, unread));
    });
  }

  /** Some axes, at least one, some counted from the end. */
  axes(rank: number): number[] {
    const sure = this.between(0, rank - 1);
    const chosen = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis === sure || this.chance(0.4));
    return chosen.map((axis) => (this.chance(0.3) ? axis - rank : axis));
  }
}

type Drawn = Omit<GradientCase, "name">;
type Options = Pick<GradientCase, "shift" | "apart"> & { readonly count?: number };

const named = (shapes: readonly Dims[]): Record<string, Dims> =>
  Object.fromEntries(shapes.map((shape, i) => ["acde"[i]!, shape]));

const elementwise =
  (build: (b: Builder, inputs: readonly Value[]) => Value, { count = 2, ...point }: Options = {}) =>
  (dice: Dice): Drawn => ({ inputs: named(dice.stretched(count)), ...point, build });

function reduced(dice: Dice, build: (b: Builder, x: Value, axes: number[], keepdims: 0 | 1) => Value): Drawn {
  const dims = dice.dims(dice.between(1, 4));
  const [axes, keepdims] = [dice.axes(dims.length), dice.chance(0.5) ? 1 : 0] as const;
  return { inputs: { a: dims }, apart: true, build: (b, [a]) => build(b, a!, axes, keepdims) };
}

function concat(dice: Dice): Drawn {
  const dims = dice.dims(dice.between(1, 4));
  const axis = dice.between(0, dims.length - 1);
  const parts = Array.from({ length: dice.between(2, 4) }, () => dims.with(axis, dice.between(1, 4)));
  const given = dice.chance(0.5) ? axis - dims.length : axis;
  return { inputs: named(parts), build: (b, inputs) => b.concat(inputs, given) };
}

function matmul(dice: Dice): Drawn {
  const [left, right] = dice.stretched(2, dice.dims(dice.between(0, 2)));
  const [rows, inner, columns] = dice.dims(3);
  const inputs = { a: [...left!, rows!, inner!], c: [...right!, inner!, columns!] };
  return { inputs, build: (b, [a, c]) => b.matmul(a!, c!) };
}

function prelu(dice: Dice): Drawn {
  const a = dice.dims(dice.between(1, 4));
  return { inputs: { a, slope: dice.stretchedTo(a) }, apart: true, build: (b, inputs) => b.op("PRelu", inputs, {}) };
}

const kinds: Record<string, (dice: Dice) => Drawn> = {
  Add: elementwise((b, [a, c]) => b.add(a!, c!)),
  Sub: elementwise((b, [a, c]) => b.sub(a!, c!)),
  Mul: elementwise((b, [a, c]) => b.mul(a!, c!)),
  Div: elementwise((b, [a, c]) => b.div(a!, c!), { shift: 3 }),
  Pow: elementwise((b, inputs) => b.op("Pow", inputs, {}), { shift: 2 }),
  Max: elementwise((b, inputs) => b.op("Max", inputs, {}), { apart: true }),
  "Max of three": elementwise((b, inputs) => b.op("Max", inputs, {}), { count: 3, apart: true }),
  Min: elementwise((b, inputs) => b.op("Min", inputs, {}), { apart: true }),
  "Min of three": elementwise((b, inputs) => b.op("Min", inputs, {}), { count: 3, apart: true }),
  Where: elementwise((b, [a, c, d]) => b.mul(a!, b.where(b.greater(a!, 0), c!, d!)), { count: 3, apart: true }),
  PRelu: prelu,
  ReduceSum: (dice) => reduced(dice, (b, x, axes, keepdims) => b.sum(x, axes, keepdims)),
  ReduceMean: (dice) => reduced(dice, (b, x, axes, keepdims) => b.mean(x, axes, keepdims)),
  ReduceMax: (dice) => reduced(dice, (b, x, axes, keepdims) => b.op("ReduceMax", [x], { axes, keepdims })),
  MatMul: matmul,
  Concat: concat,
};

/** Cases whose shapes are drawn: ranks, sizes, and which axes are stretched from 1 or left out. */
export const drawnCases: readonly GradientCase[] = [1, 2, 3].flatMap((seed) => {
  const dice = new Dice(seed);
  return Object.entries(kinds).map(([kind, draw]) => {
    const drawn = draw(dice);
    const shapes = Object.values(drawn.inputs).map((dims) => `[${dims}]`);
    return { ...drawn, name: `${kind} of ${shapes.join(", ")} (seed ${seed})` };
  });
});
