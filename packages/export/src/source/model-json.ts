import { parseJson, ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import { brief, isArray, isObject, type Json, type JsonObject } from "../config/json.ts";

/** What a tfjs `model.json` says, before its shards are read. */
export interface ModelJson {
  readonly artifacts: Omit<io.ModelArtifacts, "weightData">;
  readonly groups: readonly WeightGroup[];
}

/** Weights that lie one behind the other in the shards at `paths`. */
export interface WeightGroup {
  /** Relative to the folder of model.json, and inside it. */
  readonly paths: readonly string[];
  /** What the weights take together; undefined where that isn't fixed (strings). */
  readonly bytes: number | undefined;
}

/** Reads a layers model's `model.json`. Throws `bad-input`, or `unsupported` for graph models. */
export function parseModelJson(text: string, where: string): ModelJson {
  if (!/^\s*[[{]/.test(text))
    throw refuse(
      where,
      "is no model file",
      "neither HDF5 nor a zip archive nor JSON",
      "a Keras .h5 or .keras file or a tfjs model.json",
    );
  const json = parseJson(text, where, "the model file") as Json;
  if (!isObject(json) || json.modelTopology === undefined)
    throw refuse(
      where,
      "is no tfjs model",
      brief(json),
      "modelTopology and weightsManifest",
      "a weights manifest alone can't be used",
    );
  if (json.format === "graph-model" || (isObject(json.modelTopology) && json.modelTopology.node !== undefined))
    throw new ResonnxError("unsupported", {
      where,
      what: "tfjs graph models have no rule yet",
      wanted: "a layers model",
    });
  const manifest = json.weightsManifest ?? [];
  if (!isArray(manifest)) throw refuse(where, "weightsManifest", brief(manifest), "a list");
  const groups = manifest.map((group, i) => readGroup(group, `${where}: weightsManifest[${i}]`));
  const artifacts = {
    format: "layers-model",
    modelTopology: json.modelTopology as io.ModelArtifacts["modelTopology"] & object, // checked by readTopology
    weightSpecs: groups.flatMap(({ weights }) => weights),
  };
  return { artifacts, groups };
}

/** A topology of twenty thousand layers takes less. */
const MAX_JSON = 256 << 20;

/** The text of a model.json, which may be any file that somebody named. Throws `bad-input` for one that is too long to be one. */
export function modelJsonText(bytes: Uint8Array, where: string): string {
  if (bytes.length > MAX_JSON)
    throw refuse(where, "is no model file that can be read", `${bytes.length} bytes`, ".h5, .keras or a model.json");
  return new TextDecoder().decode(bytes);
}

/** Throws `bad-input` when shards of these sizes can't hold the group's weights: before anything is allocated for them. */
export function checkShards({ paths, bytes }: WeightGroup, sizes: readonly number[], where: string): void {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes !== undefined && total !== bytes)
    throw refuse(
      where,
      `the shards ${paths.join(", ")} don't fit their weights`.slice(0, 200),
      `${total} bytes`,
      `${bytes}`,
      total < bytes ? "a shard is cut short; copy the model again" : undefined,
    );
}

function readGroup(json: Json, where: string): WeightGroup & { readonly weights: io.WeightsManifestEntry[] } {
  const group = isObject(json) ? json : {};
  if (!isArray(group.paths)) throw refuse(where, "paths", brief(group.paths), "a list");
  if (!isArray(group.weights)) throw refuse(where, "weights", brief(group.weights), "a list");
  const weights = group.weights.map((entry) => readEntry(entry, where));
  const sizes = weights.map(bytesOf);
  return {
    paths: group.paths.map((path) => shardPath(path, where)),
    weights,
    bytes: sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined,
  };
}

/** A path that leads into the model's folder: a file from outside must not choose what else is read. */
function shardPath(json: Json, where: string): string {
  const parts = typeof json === "string" ? json.split(/[/\\]/) : [];
  const inside = parts.length > 0 && parts[0] !== "" && parts.every((part) => part !== ".." && !part.includes(":"));
  if (typeof json !== "string" || !inside)
    throw refuse(where, "a shard's path", brief(json), "a path inside the folder of model.json");
  return json;
}

function readEntry(json: Json, where: string): io.WeightsManifestEntry {
  const entry: JsonObject = isObject(json) ? json : {};
  const { name, shape, dtype, quantization } = entry;
  const sized =
    isArray(shape) && shape.every((dim) => typeof dim === "number" && Number.isSafeInteger(dim) && dim >= 0);
  const stored = quantization === undefined || (isObject(quantization) && typeof quantization.dtype === "string");
  if (typeof name !== "string" || typeof dtype !== "string" || !sized || !stored)
    throw refuse(where, "a weight", brief(json), "name, shape and dtype");
  return json as unknown as io.WeightsManifestEntry; // the entries that are read have just been checked
}

const WIDTHS: { readonly [dtype: string]: number } = {
  bool: 1,
  complex64: 8,
  float16: 2,
  float32: 4,
  int32: 4,
  uint8: 1,
  uint16: 2,
};

function bytesOf({ dtype, shape, quantization }: io.WeightsManifestEntry): number | undefined {
  const width = WIDTHS[quantization?.dtype ?? dtype];
  return width === undefined ? undefined : shape.reduce((size, dim) => size * dim, width);
}

const refuse = (where: string, what: string, got: string, wanted: string, hint?: string): ResonnxError =>
  new ResonnxError("bad-input", { where, what, got, wanted, ...(hint && { hint }) });
