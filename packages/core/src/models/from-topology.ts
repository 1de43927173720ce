import { parseJson, ResonnxError, reasonOf } from "@resonnx/base";
import { fromKeras } from "@resonnx/keras";
import * as tf from "@tensorflow/tfjs";
import { derivedSeed } from "./scope.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type TfjsConfig = Parameters<typeof tf.models.modelFromJSON>[0];

/** Initializers that draw numbers, by their names in Keras. */
const DRAWN =
  /^(Random(Normal|Uniform)|TruncatedNormal|VarianceScaling|Orthogonal|(Glorot|He|LeCun|Lecun)(Normal|Uniform))$/;

/**
 * An untrained model from its topology, as JSON: what tfjs' `model.json`, `to_json()` of Keras 2 or 3, or the `config.json` in a
 * `.keras` file hold. `seed` fixes the weights of all layers whose own seed is open. Throws `unsupported` for a layer that tfjs
 * has not, `bad-input` naming `where` for anything else.
 */
export async function modelFromTopology(json: string, seed: number, where: string): Promise<tf.LayersModel> {
  try {
    const value = parseJson(json, where) as Json; // what JSON can say
    const topology = isObject(value) && value.modelTopology !== undefined ? value.modelTopology : value;
    let drawn = 0;
    const seeded = seedAll(fromKeras(topology) as Json, () => derivedSeed(seed, drawn++));
    return await tf.models.modelFromJSON(seeded as unknown as TfjsConfig); // tfjs checks what is in there
  } catch (cause) {
    if (cause instanceof ResonnxError) throw cause;
    const [, kind, name] = /^Unknown (\w+): (\S+)\. /.exec(reasonOf(cause)) ?? [];
    if (kind && name)
      throw new ResonnxError("unsupported", { where, what: `tfjs has no such ${kind}`, got: name, cause });
    const hint = "it takes what tfjs' model.save or Keras' model.to_json wrote";
    throw new ResonnxError("bad-input", { where, what: `is no model: ${reasonOf(cause)}`, hint, cause });
  }
}

/** A copy in which every initializer that draws has a seed. */
function seedAll(value: Json, next: () => number): Json {
  if (Array.isArray(value)) return value.map((each) => seedAll(each, next));
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, seedAll(each, next)]));
  const { class_name, config } = copy;
  if (typeof class_name !== "string" || !DRAWN.test(class_name) || !isObject(config!)) return copy;
  return { ...copy, config: { ...config, seed: config.seed ?? next() } };
}

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
