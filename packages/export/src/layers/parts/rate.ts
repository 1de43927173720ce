import { type Field, number, optional } from "../../config/fields.ts";

const share: Field<number> = {
  wanted: "a number from 0 up, below 1",
  parse(json) {
    const given = number.parse(json);
    return given !== undefined && given >= 0 && given < 1 ? given : undefined;
  },
};

/** A share that is dropped in training; 0, or nothing, drops nothing. */
export const rate = optional(share, 0);
