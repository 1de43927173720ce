import { ResonnxError } from "@resonnx/base";

/** An option of a command, named by its key: `batchSize` is `--batch-size`, and `--no-...` where the default is true. */
export interface Option<T> {
  /** What stands for the value in the help, `...` behind it when there may be several; absent for a flag. */
  readonly value?: string;
  readonly about: string;
  readonly required?: true;
  readonly fallback?: T;
  /** The value of the text behind the option; `previous` is what an earlier one gave. Throws `bad-input`. */
  parse(text: string, name: string, previous: T | undefined): T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;

/** What a command's `run` gets: each option's value. */
export type Values<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** `batchSize` -> `batch-size` */
export const dashed = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const flag = (about: string, { fallback = false } = {}): Option<boolean> => ({
  about,
  fallback,
  parse: () => !fallback,
});

/** Text as it is; absent when it isn't given. */
export const text = (value: string, about: string): Option<string | undefined> => ({
  value,
  about,
  parse: (given) => given,
});

export const requiredText = (value: string, about: string): Option<string> => ({
  value,
  about,
  required: true,
  parse: (given) => given,
});

/** The same option without its default, which the help still names: whoever gets the value decides. */
export const optional = <T>({ fallback, ...option }: Option<T>): Option<T | undefined> => ({
  ...option,
  about: `${option.about} (default: ${String(fallback)})`,
  parse: (given, name) => option.parse(given, name, undefined),
});

/** The same option, absent when it isn't given. */
export const withoutDefault = <T>({ fallback: _, ...option }: Option<T>): Option<T | undefined> => ({
  ...option,
  parse: (given, name) => option.parse(given, name, undefined),
});

/** Once or more, several values behind each. */
export const texts = (value: string, about: string): Option<readonly string[]> => ({
  value: `${value}...`,
  about,
  required: true,
  parse: (given, _name, previous = []) => [...previous, given],
});

export const textOr = (fallback: string, value: string, about: string): Option<string> => ({
  value,
  about,
  fallback,
  parse: (given) => given,
});

/** Values that the help names in place of the value; more of them stand in the text. */
const FEW = 4;

/** One of a closed set. */
export const choice = <const T extends string>(fallback: T, choices: readonly T[], about: string): Option<T> => ({
  ...(choices.length <= FEW
    ? { value: choices.join("|"), about }
    : { value: "name", about: `${about}: ${choices.join(", ")}` }),
  fallback,
  parse: (given, where) => oneOf(given, choices, where),
});

/** Several of a closed set with commas between them, each once. */
export const choices = <const T extends string>(
  all: readonly T[],
  about: string,
): Option<readonly T[] | undefined> => ({
  value: "list",
  about: `${about}: ${all.join(", ")}`,
  parse: (given, where) => [...new Set(given.split(",").map((name) => oneOf(name.trim(), all, where)))],
});

/** A whole number from `least` to `most`. */
export function integer(
  fallback: number,
  about: string,
  { least = 1, most = Number.MAX_SAFE_INTEGER } = {},
): Option<number> {
  const wanted =
    most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number, ${least} to ${most}`;
  const parse = (given: string, where: string): number => {
    const number = Number(given);
    if (/^\d+$/.test(given) && number >= least && number <= most) return number;
    throw new ResonnxError("bad-input", { where, what: "not usable", got: given, wanted });
  };
  return { value: "n", about, fallback, parse };
}

/** A number above 0. */
export const positive = (fallback: number, about: string): Option<number> => ({
  value: "x",
  about,
  fallback,
  parse: (given, where) => {
    const number = Number(given);
    if (given.trim() !== "" && number > 0 && Number.isFinite(number)) return number;
    throw new ResonnxError("bad-input", { where, what: "not usable", got: given, wanted: "a number above 0" });
  },
});

/** The values without those that weren't given. */
export function given<T extends object>(values: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T> as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>; // what Partial<T> is once undefined is filtered out
  };
}

function oneOf<T extends string>(given: string, all: readonly T[], where: string): T {
  const found = all.find((name) => name === given);
  if (found !== undefined) return found;
  throw new ResonnxError("bad-input", { where, what: "unknown", got: given, wanted: all.join(", ") });
}
