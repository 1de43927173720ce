/** What JSON.parse gives. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);

export const isArray = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);

/** A value as one short line of an error message. */
export const brief = (json: Json | undefined): string => (JSON.stringify(json) ?? "nothing").slice(0, 60);
