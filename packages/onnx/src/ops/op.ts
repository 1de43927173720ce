import type { TensorType } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";

interface AttrTypes {
  int: number;
  float: number;
  string: string;
  ints: readonly number[];
  floats: readonly number[];
  strings: readonly string[];
}
export type AttrKind = keyof AttrTypes;
/** Attribute names and kinds; a `?` marks one that may be left out. */
export type AttrSpec = Readonly<Record<string, AttrKind | `${AttrKind}?`>>;

export type AttrsFrom<S extends AttrSpec> = {
  readonly [K in keyof S as S[K] extends AttrKind ? K : never]: S[K] extends AttrKind ? AttrTypes[S[K]] : never;
} & {
  readonly [K in keyof S as S[K] extends AttrKind ? never : K]?: S[K] extends `${infer T extends AttrKind}?`
    ? AttrTypes[T] | undefined
    : never;
};

export type Operands = readonly (Value | undefined)[];

/** What one operator is: its attributes, how many inputs it takes, and the types of what it gives. */
export interface Op<S extends AttrSpec = AttrSpec> {
  readonly attrs: S;
  /** Fewest and most inputs. */
  readonly arity: readonly [number, number];
  /** ONNX's default domain, or ours: operators of a step graph that lowering replaces before anything is written. */
  readonly domain: "" | "resonnx";
  /** The output types, one an output. Throws `bad-input` through `refuse` when the inputs don't fit. */
  infer(inputs: Operands, attrs: AttrsFrom<S>, outputs: number): readonly TensorType[];
}

interface OpFacts<S extends AttrSpec> {
  readonly attrs?: S;
  readonly arity: readonly [number, number];
  readonly domain?: "resonnx";
  infer(inputs: Operands, attrs: AttrsFrom<S>, outputs: number): readonly TensorType[];
}

export const op = <const S extends AttrSpec = Record<never, never>>(facts: OpFacts<S>): Op<S> => ({
  attrs: facts.attrs ?? ({} as S),
  arity: facts.arity,
  domain: facts.domain ?? "",
  infer: facts.infer,
});
