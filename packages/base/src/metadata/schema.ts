import { ResonnxError } from "../errors/error.ts";
import type { ModelMetadata } from "./metadata.ts";
import { CHANNELS, type ChannelOrder, MAX_SIDE, type Preprocessing } from "./preprocessing.ts";

/** Raised by a part's reader; `parseMetadataProps` adds the property's name. */
class Mismatch extends Error {}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const readers: { readonly [K in keyof ModelMetadata]-?: (json: Json) => NonNullable<ModelMetadata[K]> } = {
  labels: (json) => array(json, "labels", (label, path) => text(label, path)),
  preprocessing,
  training: (json) =>
    Object.fromEntries(Object.entries(object(json, "training")).map(([key, value]) => [key, fact(value, key)])),
  source: (json) => {
    const { format, name } = object(json, "source");
    return { format: text(format, "format"), ...(name === undefined ? {} : { name: text(name, "name") }) };
  },
};

const PREFIX = "resonnx.";

/** Whether a metadata_props key belongs to Resonnx. */
export const isOurs = (key: string): boolean => key.startsWith(PREFIX);

/** The `metadata_props` entries (`resonnx.labels` etc., values JSON) of checked metadata; throws `bad-input`. */
export function metadataProps(metadata: ModelMetadata): Record<string, string> {
  const parts = Object.entries(metadata).filter(([part, value]) => part in readers && value !== undefined);
  const props = Object.fromEntries(parts.map(([part, value]) => [PREFIX + part, JSON.stringify(value)]));
  parseMetadataProps(props); // what can't be read back must not be written
  return props;
}

/** Metadata from `metadata_props` entries; other tools' and later versions' keys are ignored, wrong values throw `bad-input`. */
export function parseMetadataProps(props: Readonly<Record<string, string>>): ModelMetadata {
  const found: Record<string, unknown> = {};
  for (const [part, reader] of Object.entries(readers)) {
    const raw = Object.hasOwn(props, PREFIX + part) ? props[PREFIX + part] : undefined;
    if (raw !== undefined) found[part] = parsePart(PREFIX + part, raw, reader);
  }
  return found;
}

function parsePart(key: string, raw: string, reader: (json: Json) => unknown): unknown {
  try {
    return reader(JSON.parse(raw));
  } catch (cause) {
    if (!(cause instanceof Mismatch || cause instanceof SyntaxError)) throw cause;
    const what = cause instanceof Mismatch ? cause.message : "the value is not JSON";
    throw new ResonnxError("bad-input", {
      where: key,
      what,
      got: raw.slice(0, 60),
      hint: "export the model again",
      cause,
    });
  }
}

function preprocessing(json: Json): Preprocessing {
  const { width, height, channelOrder, scale, mean, std, layout } = object(json, "preprocessing");
  const order = oneOf(channelOrder, "channelOrder", Object.keys(CHANNELS) as ChannelOrder[]);
  return {
    width: side(width, "width"),
    height: side(height, "height"),
    channelOrder: order,
    scale: nonZero(scale, "scale"),
    mean: perChannel(mean, "mean", CHANNELS[order], finite),
    std: perChannel(std, "std", CHANNELS[order], nonZero),
    layout: oneOf(layout, "layout", ["nhwc", "nchw"] as const),
  };
}

function object(json: Json, path: string): { readonly [key: string]: Json | undefined } {
  if (json === null || typeof json !== "object" || Array.isArray(json)) throw new Mismatch(`${path} is not an object`);
  return json as { readonly [key: string]: Json };
}

function array<T>(json: Json | undefined, path: string, item: (json: Json, path: string) => T): T[] {
  if (!Array.isArray(json)) throw new Mismatch(`${path} is not an array`);
  return json.map((value: Json, i) => item(value, `${path}[${i}]`));
}

function text(json: Json | undefined, path: string): string {
  if (typeof json !== "string") throw new Mismatch(`${path} is not a string`);
  return json;
}

function finite(json: Json | undefined, path: string): number {
  if (typeof json !== "number" || !Number.isFinite(json)) throw new Mismatch(`${path} is not a finite number`);
  return json;
}

function fact(json: Json | undefined, path: string): string | number {
  return typeof json === "string" ? json : finite(json, path);
}

function nonZero(json: Json | undefined, path: string): number {
  const number = finite(json, path);
  if (number === 0) throw new Mismatch(`${path} is 0`);
  return number;
}

function side(json: Json | undefined, path: string): number {
  const number = finite(json, path);
  if (!Number.isInteger(number) || number < 1 || number > MAX_SIDE) {
    throw new Mismatch(`${path} is not a whole number from 1 to ${MAX_SIDE}`);
  }
  return number;
}

function perChannel(
  json: Json | undefined,
  path: string,
  channels: number,
  item: (json: Json, path: string) => number,
): number[] {
  const numbers = array(json, path, item);
  if (numbers.length !== channels) throw new Mismatch(`${path} has ${numbers.length} numbers for ${channels} channels`);
  return numbers;
}

function oneOf<T extends string>(json: Json | undefined, path: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === json);
  if (found === undefined) throw new Mismatch(`${path} is none of ${allowed.join(", ")}`);
  return found;
}
