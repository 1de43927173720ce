import { ResonnxError, reasonOf } from "@resonnx/base";
import * as tf from "@tensorflow/tfjs";
import { glorotUniform } from "../initializers/glorot-uniform.ts";
import { derivedSeed } from "./scope.ts";

/** A trained model and what is known of it. */
export interface Pretrained {
  /** Topology and weights. */
  readonly artifacts: tf.io.ModelArtifacts;
  /** What its outputs stand for, where that is known. */
  readonly labels?: readonly string[] | undefined;
}

export interface TransferOptions {
  /** The classes to tell apart from now on. */
  readonly labels: readonly string[];
  /** Fixes a new head's first weights. */
  readonly seed: number;
  /** Names the model in errors. */
  readonly where: string;
}

/** Layers behind a head that leave its classes in their places. */
const AFTER_HEAD = new Set(["Activation", "Dropout", "Softmax"]);

/**
 * A trained model for other classes: all its weights, and a head of its own. The last Dense layer is kept when it has as
 * many classes, with the same names where those are known; else a new one takes its place. A model without a head, which
 * ends in features, gets global average pooling (of maps) and a Dense layer with softmax. Every layer is trainable.
 * Throws `bad-input` naming `where` for files that are no such model.
 */
export async function transferred({ artifacts, labels: before }: Pretrained, options: TransferOptions) {
  const { labels, where } = options;
  const model = await loaded(artifacts, where);
  model.trainable = true;
  for (const layer of model.layers) layer.trainable = true;
  const known = before === undefined || `${before}` === `${labels}`;
  const { head, after } = headOf(model);
  const keeps = head !== undefined && known && (head.getConfig().units as number) === labels.length;
  if (keeps && isProbability(after.at(-1) ?? head)) return model;
  const features = head ? (head.input as tf.SymbolicTensor) : pooled(model.outputs[0]!);
  const name = headName(model, head, labels.length);
  let y = keeps ? model.outputs[0]! : applied(newHead(name, labels.length, options.seed, after.length > 0), features);
  if (!keeps) for (const layer of after) y = applied(layer, y);
  if (keeps || !isProbability(y.sourceLayer)) y = applied(tf.layers.softmax({ name: `${name}_softmax` }), y);
  return tf.model({ inputs: model.inputs, outputs: y, name: model.name });
}

/** The pictures that a model takes; undefined where any size will do. Throws `bad-input` for what is no model. */
export async function pictureSizeOf({ artifacts }: Pretrained, where: string) {
  const model = await loaded(artifacts, where);
  const [, height, width, channels] = model.inputs[0]?.shape ?? [];
  model.dispose();
  return { height: height ?? undefined, width: width ?? undefined, channels: channels ?? undefined };
}

async function loaded(artifacts: tf.io.ModelArtifacts, where: string): Promise<tf.LayersModel> {
  const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts)).catch((cause: unknown) => {
    throw new ResonnxError("bad-input", { where, what: `is no model with layers: ${reasonOf(cause)}`, cause });
  });
  if (model.inputs.length === 1 && model.outputs.length === 1) return model;
  const got = `${model.inputs.length} inputs, ${model.outputs.length} outputs`;
  model.dispose();
  throw new ResonnxError("bad-input", { where, what: "can't tell pictures apart", got, wanted: "one of each" });
}

/** The Dense layer that gives the classes, and what follows it; no head when the model ends in features. */
function headOf(model: tf.LayersModel): { head: tf.layers.Layer | undefined; after: readonly tf.layers.Layer[] } {
  const after: tf.layers.Layer[] = [];
  let tensor = model.outputs[0]!;
  while (AFTER_HEAD.has(tensor.sourceLayer.getClassName())) {
    after.unshift(tensor.sourceLayer);
    tensor = tensor.inputs[0]!;
  }
  return tensor.sourceLayer.getClassName() === "Dense" && tensor.shape.length === 2
    ? { head: tensor.sourceLayer, after }
    : { head: undefined, after: [] };
}

const isProbability = (layer: tf.layers.Layer): boolean =>
  layer.getClassName() === "Softmax" || layer.getConfig().activation === "softmax";

const newHead = (name: string, units: number, seed: number, followed: boolean): tf.layers.Layer =>
  tf.layers.dense({
    name,
    units,
    activation: followed ? "linear" : "softmax",
    kernelInitializer: glorotUniform({ seed: derivedSeed(seed, 0) }),
  });

/** The old head's name, with the new number in it where it has the old one (`fc6`); `head` for a model without one. */
function headName(model: tf.LayersModel, head: tf.layers.Layer | undefined, classes: number): string {
  const units = head?.getConfig().units as number | undefined;
  const name = head ? head.name.replace(new RegExp(`${units}$`), `${classes}`) : "head";
  return model.layers.some((layer) => layer !== head && layer.name === name) ? `${name}_new` : name;
}

/** Features [n, values] of an output. */
const pooled = (x: tf.SymbolicTensor): tf.SymbolicTensor =>
  x.shape.length === 4 ? applied(tf.layers.globalAveragePooling2d({ name: "head_pool" }), x) : x;

const applied = (layer: tf.layers.Layer, x: tf.SymbolicTensor): tf.SymbolicTensor =>
  layer.apply(x) as tf.SymbolicTensor; // symbolic in, symbolic out
