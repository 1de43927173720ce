import { ResonnxError } from "@resonnx/base";
import { isLayerConfig, isObject, type Json } from "./model-config.ts";

/** Settings that Keras 2 renamed: a layer that has one was written by Keras 1. */
const SETTINGS = ["nb_filter", "border_mode", "subsample", "nb_row", "W_regularizer", "inner_init", "pool_length"];
const CLASSES = new Set(["Merge", "MaxoutDense", "Highway", "TimeDistributedDense"]);

/** Throws `unsupported` for a model that Keras 1 saved, which Keras 2 calls by other names and orders differently. */
export function refuseKeras1(model: Json, version: string | undefined, where: string): void {
  const sign = version?.startsWith("1.") ? `Keras ${version}` : signOf(model);
  if (sign)
    throw new ResonnxError("unsupported", {
      where,
      what: "a model that Keras 1 saved",
      got: sign,
      wanted: "Keras 2 or 3",
      hint: "open it with Keras 2.0 to 2.2, which translates it, and save it again",
    });
}

function signOf(layer: Json): string | undefined {
  if (!isLayerConfig(layer)) return undefined;
  const { class_name: className, config } = layer;
  const layers = isObject(config) ? config.layers : config;
  if (Array.isArray(layers)) return layers.map(signOf).find((sign) => sign !== undefined);
  if (CLASSES.has(className)) return `the layer ${className}`;
  const setting = SETTINGS.find((name) => isObject(config) && Object.hasOwn(config, name));
  if (setting) return `the setting ${setting} of ${className}`;
  return className === "Dense" && isObject(config) && Object.hasOwn(config, "output_dim")
    ? "the setting output_dim of Dense"
    : undefined;
}
