import type { io } from "@tensorflow/tfjs";
import { isArray, isObject, type Json, type JsonObject } from "../config/json.ts";

/** Whose definitions a model was saved under: where they disagree, what it computes there is what it must compute here. */
type Dialect = "tfjs" | "keras2" | "keras3";

/** Model files of Keras come with the mark of our own reader; a `model.json` runs in tfjs, whoever trained it. */
function dialectOf({ modelTopology, convertedBy }: io.ModelArtifacts): Dialect {
  const topology = modelTopology as Json | undefined; // read as JSON, checked where it is used
  const version = isObject(topology) ? topology.keras_version : undefined;
  if (typeof version === "string" && version.startsWith("3.")) return "keras3";
  return convertedBy === "Resonnx" ? "keras2" : "tfjs";
}

type Rename = (key: string, value: Json, owner: JsonObject) => Json;

/**
 * What one name means twice gets two names:
 * - Keras 3's hard_sigmoid is relu6(x + 3) / 6, that of Keras 2 and tfjs clip(0.2 x + 0.5, 0, 1);
 * - Keras 3 saves `training: true` with calls of layers whose default that is, and overrides it whenever a model runs;
 * - Keras resizes bilinearly between pixel centres, tfjs' UpSampling2D and CenterCrop between pixel corners.
 */
const renames: { readonly [D in Dialect]?: Rename } = {
  keras3: (key, value) => {
    if (key === "training" && typeof value === "boolean") return null; // among the arguments of a call
    return /activation$/.test(key) && value === "hard_sigmoid" ? "keras3_hard_sigmoid" : value;
  },
  tfjs: (key, value, owner) => {
    if (key === "layers" && isArray(value)) return withEncodedInputs(value);
    if (key !== "config" || !isObject(value)) return value;
    const corners = { ...value, interpolation: "bilinear_asymmetric" };
    if (owner.class_name === "UpSampling2D" && value.interpolation === "bilinear") return corners;
    return owner.class_name === "CenterCrop" ? corners : value;
  },
};

/**
 * tfjs' CategoryEncoding writes its number of tokens into the shape of the input that it reads, and saves that: how many
 * numbers an example has is unknown then.
 */
function withEncodedInputs(layers: readonly Json[]): readonly Json[] {
  const encoders = layers.filter(isObject).filter((layer) => layer.class_name === "CategoryEncoding");
  if (encoders.length === 0) return layers;
  const read = JSON.stringify(encoders.map(({ inbound_nodes }) => inbound_nodes ?? []));
  return layers.map((layer, i) => {
    if (!isObject(layer) || !isObject(layer.config) || !isArray(layer.config.batch_input_shape)) return layer;
    const next = layers[i + 1];
    const isRead =
      read.includes(`[${JSON.stringify(layer.config.name)},`) || (isObject(next) && encoders.includes(next));
    if (!isRead && !encoders.includes(layer)) return layer;
    const [batch, ...dims] = layer.config.batch_input_shape;
    return {
      ...layer,
      config: {
        ...layer.config,
        batch_input_shape: [batch ?? null, ...dims.map((dim, i) => (i === dims.length - 1 ? null : dim))],
      },
    };
  });
}

/** Models in models, wrappers and cells; nothing that is deeper is a layer's config. */
const MAX_DEPTH = 100;

/** The topology of the artifacts with every name in the one meaning that the layer rules have for it. */
export function inOneVocabulary(artifacts: io.ModelArtifacts): Json {
  const rename = renames[dialectOf(artifacts)];
  const visit = (json: Json, depth: number): Json => {
    if (depth > MAX_DEPTH) return json;
    if (isArray(json)) return json.map((item) => visit(item, depth + 1));
    if (!isObject(json)) return json;
    return Object.fromEntries(
      Object.entries(json).map(([key, value]) => [key, visit(rename!(key, value, json), depth + 1)]),
    );
  };
  const topology = artifacts.modelTopology as Json; // checked by readTopology
  return rename ? visit(topology, 0) : topology;
}
