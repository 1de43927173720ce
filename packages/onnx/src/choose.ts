import { ResonnxError } from "@resonnx/base";

/** A choice by name, or by name and options. */
export type Choice = string | { readonly name: string };

/** Factories by name. Their options are flags, or numbers from 0 up. */
interface Table<R> {
  /** "optimizer", for errors. */
  readonly kind: string;
  readonly factories: Readonly<Record<string, (options: never) => R>>;
  /** Options that are shares: below 1. */
  readonly shares: ReadonlySet<string>;
  /** What options a known name takes. */
  readonly optionsOf: (name: string) => readonly string[];
}

/** The choice made. Throws `bad-input` for names and options that the table doesn't have, and for numbers out of range. */
export function choose<R>({ kind, factories, shares, optionsOf }: Table<R>, choice: Choice): R {
  const { name, ...options } = typeof choice === "string" ? { name: choice } : choice;
  if (!Object.hasOwn(factories, name)) {
    const wanted = Object.keys(factories).join(", ");
    throw new ResonnxError("bad-input", { where: kind, what: "unknown name", got: `${name}`, wanted });
  }
  const known = optionsOf(name);
  const stranger = Object.keys(options).find((option) => !known.includes(option));
  if (stranger !== undefined) {
    const wanted = known.join(", ") || "none";
    throw new ResonnxError("bad-input", { where: `${kind} ${name}`, what: "unknown option", got: stranger, wanted });
  }
  for (const [option, value] of Object.entries<unknown>(options)) {
    if (value === undefined || typeof value === "boolean") continue;
    const share = shares.has(option);
    if (typeof value === "number" && value >= 0 && (share ? value < 1 : Number.isFinite(value))) continue;
    throw new ResonnxError("bad-input", {
      where: `${kind} ${name}`,
      what: `option "${option}"`,
      got: `${value}`,
      wanted: `a number from 0 up${share ? ", below 1" : ""}`,
    });
  }
  const make = factories[name] as (options: object) => R; // the options are those of this name, by the choice's type
  return make(options);
}
