import type * as tf from "@tensorflow/tfjs";
import type { Layer } from "./upstream.ts";

/** Title and least width of each column: Keras 2's 98 characters; a column grows where Keras would cut a name. */
const COLUMNS = [
  ["Layer (type)", 32],
  ["Output Shape", 21],
  ["Param #", 12],
  ["Connected to", 33],
] as const;

/** The model as Keras 2 prints it: a row a layer with type, output shape, parameters and the layers it reads; then the totals. */
export function summary(model: tf.LayersModel): string {
  const rows = model.layers.map((layer) => describe(layer, model));
  const widths = COLUMNS.map(([title, width], column) =>
    Math.max(width, ...[title, ...rows.flat().map((cells) => cells[column] ?? "")].map((text) => text.length + 1)),
  );
  const length = widths.reduce((a, b) => a + b, 0);
  const line = (cells: readonly string[]) =>
    widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join("");
  const body = rows.map((lines) => lines.map(line).join("\n")).join(`\n${"_".repeat(length)}\n`);
  return [
    `Model: "${model.name}"`,
    "_".repeat(length),
    line(COLUMNS.map(([title]) => title)),
    "=".repeat(length),
    body,
    "=".repeat(length),
    ...totals(model),
    "_".repeat(length),
  ].join("\n");
}

/** The lines of one layer: a layer that reads several others names each on a line of its own. */
function describe(layer: Layer, model: tf.LayersModel): string[][] {
  const [first = "", ...more] = connections(layer, model);
  const title = `${layer.name} (${layer.getClassName()})`;
  return [[title, shapeOf(layer), String(layer.countParams()), first], ...more.map((name) => ["", "", "", name])];
}

/** `name[node][tensor]` of all that the layer reads inside this model; a shared layer is called elsewhere too. */
function connections(layer: Layer, model: tf.LayersModel): string[] {
  const inModel = new Set(Object.values(model.nodesByDepth).flat());
  return layer.inboundNodes
    .filter((node) => inModel.has(node))
    .flatMap((node) =>
      node.inboundLayers.map((source, i) => `${source.name}[${node.nodeIndices[i]}][${node.tensorIndices[i]}]`),
    );
}

/** Python's tuple, or a list of tuples for several outputs; Keras says "multiple" for a layer called on different shapes. */
function shapeOf(layer: Layer): string {
  const shapes = new Set(layer.inboundNodes.flatMap((node) => node.outputTensors.map(({ shape }) => tuple(shape))));
  if (shapes.size > 1 && layer.inboundNodes.length > 1) return "multiple";
  const [node] = layer.inboundNodes;
  const all = node?.outputTensors.map(({ shape }) => tuple(shape)) ?? [];
  return all.length === 1 ? all[0]! : `[${all.join(", ")}]`;
}

function tuple(shape: tf.Shape): string {
  const sizes = shape.map((size) => size ?? "None");
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
}

function totals(model: tf.LayersModel): string[] {
  const trainable = parameters(model.trainableWeights);
  const frozen = parameters(model.nonTrainableWeights);
  return [
    `Total params: ${grouped(trainable + frozen)}`,
    `Trainable params: ${grouped(trainable)}`,
    `Non-trainable params: ${grouped(frozen)}`,
  ];
}

/** Number of values in these weights. */
export function parameters(weights: readonly tf.LayerVariable[]): number {
  return weights.reduce((sum, { shape }) => sum + shape.reduce<number>((product, size) => product * (size ?? 1), 1), 0);
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
