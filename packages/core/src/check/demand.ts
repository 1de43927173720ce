/** What a JSON value must be to stand for a field. */
export interface Demand {
  /** In words, for the error. */
  readonly wanted: string;
  holds(value: unknown): boolean;
}

/** A finite number from `least` to `most`, or below `most` when the range is open there. */
export const number = (least: number, most = Number.MAX_VALUE, open = false): Demand => ({
  wanted: `a number from ${least} ${most === Number.MAX_VALUE ? "on" : `to ${open ? "below " : ""}${most}`}`,
  holds: (value) =>
    typeof value === "number" && value >= least && (open ? value < most : value <= most) && Number.isFinite(value),
});

/** A whole number from `least` on. */
export const whole = (least: number): Demand => ({
  wanted: `a whole number from ${least} on`,
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= least,
});

/** One of these values. */
export const oneOf = (...all: readonly unknown[]): Demand => ({
  wanted: all.map((each) => JSON.stringify(each)).join(" or "),
  holds: (value) => all.includes(value),
});
