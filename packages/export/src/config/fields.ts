import { type ErrorCode, ResonnxError } from "@resonnx/base";
import { brief, isArray, type Json, type JsonObject } from "./json.ts";

/** One entry of a layer's config: how it is checked, and what the error says was wanted. */
export interface Field<T> {
  readonly wanted: string;
  /** What a refused value is; default `bad-input`. */
  readonly code?: ErrorCode;
  /** The checked value; undefined refuses. */
  parse(json: Json | undefined): T | undefined;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ConfigOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** The fields of `config`, checked; what `fields` doesn't name is ignored. Throws `bad-input` or the field's own code, naming the entry. */
export function parseConfig<F extends Fields>(fields: F, config: JsonObject, where: string): ConfigOf<F> {
  const parsed = Object.entries(fields).map(([key, field]) => {
    const json = Object.hasOwn(config, key) ? config[key] : undefined;
    const value = field.parse(json);
    if (value === undefined)
      throw new ResonnxError(field.code ?? "bad-input", {
        where,
        what: `config "${key}"`,
        got: brief(json),
        wanted: field.wanted,
      });
    return [key, value];
  });
  return Object.fromEntries(parsed) as ConfigOf<F>; // each key was parsed by its own field
}

const field = <T>(wanted: string, parse: (json: Json | undefined) => T | undefined): Field<T> => ({ wanted, parse });

const wholeOf = (json: Json | undefined, least: number): number | undefined =>
  typeof json === "number" && Number.isSafeInteger(json) && json >= least ? json : undefined;

export const text = field("a text", (json) => (typeof json === "string" ? json : undefined));
export const flag = field("true or false", (json) => (typeof json === "boolean" ? json : undefined));
export const number = field("a number", (json) =>
  typeof json === "number" && Number.isFinite(json) ? json : undefined,
);
export const positive = field("a whole number of 1 or more", (json) => wholeOf(json, 1));
export const integer = field("a whole number", (json) => wholeOf(json, Number.MIN_SAFE_INTEGER));

/** A setting of which only one value has a rule; absent counts as that value. */
export const only = <const T extends Json>(value: T): Field<T> => ({
  code: "unsupported",
  wanted: brief(value),
  parse: (json) => (json === undefined || json === null || json === value ? value : undefined),
});

export const oneOf = <const T extends string>(...allowed: readonly T[]): Field<T> =>
  field(allowed.map((name) => `"${name}"`).join(" or "), (json) => allowed.find((name) => name === json));

/** An absent or null entry is the fallback. */
export const optional = <T>(inner: Field<T>, fallback: T): Field<T> =>
  field(inner.wanted, (json) => (json === undefined || json === null ? fallback : inner.parse(json)));

export const nullable = <T>(inner: Field<T>): Field<T | null> => optional<T | null>(inner, null);

export const listOf = <T>(item: Field<T>): Field<readonly T[]> =>
  field(`a list, each ${item.wanted}`, (json) => {
    if (!isArray(json)) return undefined;
    const items = json.map((entry) => item.parse(entry));
    return items.every((entry) => entry !== undefined) ? items : undefined;
  });

const twice = (json: Json | undefined): readonly (Json | undefined)[] => (isArray(json) ? json : [json, json]);

function listOfWhole(json: Json | undefined, rank: number, least: number): readonly number[] | undefined {
  const items = isArray(json) ? json : new Array<Json | undefined>(rank).fill(json);
  const list = items.map((item) => wholeOf(item, least));
  return list.length === rank && list.every((item) => item !== undefined) ? list : undefined;
}

/** One size for each of `rank` axes; one number stands for all. */
export const sizes = (rank: number): Field<readonly number[]> =>
  field(`one or ${rank} whole numbers of 1 or more`, (json) => listOfWhole(json, rank, 1));

/** A whole number of 0 or more for each of `rank` axes; one stands for all. */
export const whole = (rank: number): Field<readonly number[]> =>
  field(`one or ${rank} whole numbers of 0 or more`, (json) => listOfWhole(json, rank, 0));

/** Two sizes, height and width; one number stands for both. */
export const pair = sizes(2);

/** What is added or cut at the begin and at the end of an axis. */
export type Margin = readonly [begin: number, end: number];

/** A margin for each of `rank` axes, from Keras' ways to write them: a size for all, a size or two for each. */
export const margins = (rank: number): Field<readonly Margin[]> =>
  field(`a size, or one or two sizes for each of ${rank} axes`, (json) => {
    const sides = rank === 1 ? [json] : isArray(json) ? json : new Array<Json | undefined>(rank).fill(json);
    const list = sides.map((side): Margin | undefined => {
      const [begin, end, ...more] = twice(side).map((size) => wholeOf(size, 0));
      return begin === undefined || end === undefined || more.length > 0 ? undefined : [begin, end];
    });
    return list.length === rank && list.every((side) => side !== undefined) ? list : undefined;
  });

/** An axis, which Keras also writes as a list of one. */
export const axis = field("an axis", (json) => wholeOf(isArray(json) && json.length === 1 ? json[0] : json, -16));

/** Several axes; one number stands for a list of it. */
export const axes = field("an axis or a list of axes", (json): readonly number[] | undefined => {
  const list = (isArray(json) ? json : [json]).map((item) => wholeOf(item, -16));
  return list.every((item) => item !== undefined) ? list : undefined;
});
